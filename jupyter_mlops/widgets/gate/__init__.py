"""A gate's facts → its report as text and as HTML: verdict, evidence, slices, calibration, latency, hygiene, what would change the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.widgets.gate.words import claim, headline, interval, rule_words

if TYPE_CHECKING:
    View = dict[str, Any]


def text(view: View) -> str:
    """Draw as text; the first line is the verdict."""
    lines = [headline(view)]
    for row in view["rows"]:
        mark = "·" if row["report_only"] else {"pass": "✓", "fail": "✗", "inconclusive": "?"}[row["verdict"]]
        lines.append(
            f"  {mark} {claim(row)}: {rule_words(row)}; {interval(row)}, n = {row['n']:,}" + (f" ({row['note']})" if row["note"] else "")
        )
    lines += [f"  {each['test']}: p = {each['p']:.3g} ({each['detail']})" for each in view["tests"]]
    lines += [
        f"  {'!' if each['status'] != 'fail' else '✗'} {each['name']}: {each['found']}"
        for each in view["checks"]
        if each["status"] in {"fail", "warning"}
    ]
    lines.append("what would change the verdict:")
    lines += [f"  - {each}" for each in view["changes"]]
    lines += [f"signed by {each['by']} at {each['at']}" + f": {each['note']}" * bool(each["note"]) for each in view["approvals"]]
    return "\n".join(lines)


def html(view: View) -> str:
    """Draw as HTML without JavaScript."""
    from jupyter_mlops.widgets.gate.page import html as drawn

    return drawn(view)
