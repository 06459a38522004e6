"""axe on what the extension draws."""

from __future__ import annotations

from pathlib import Path

AXE = Path(__file__).parents[2] / "labextension" / "node_modules" / "axe-core" / "axe.min.js"
"""Installed with the extension's development packages: `make extension`."""


def check_accessibility(page, *selectors: str) -> None:
    """Assert that axe finds nothing wrong inside the elements that CSS selectors name, as they are now."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    # JupyterLab's own landmarks and headings are not ours to judge, nor where our elements stand in them.
    found = page.evaluate(
        "selectors => axe.run({include: selectors}, {rules: {region: {enabled: false}}}).then(result => result.violations)",
        [[selector] for selector in selectors],
    )
    assert [f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]] == []
