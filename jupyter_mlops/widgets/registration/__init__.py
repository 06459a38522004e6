"""A registration: which version, sealed by which digest, gated how, and whether it answers as the notebook does."""

from __future__ import annotations

from typing import Any

from jupyter_mlops.widgets import skew
from jupyter_mlops.widgets.markup import badge, details, escape, frame, number, table


def text(view: dict[str, Any]) -> str:
    """Draw as text."""
    lines = [headline(view)]
    lines += [f"  {name}: {value}" for name, value in _facts(view)]
    if view["skew"]:
        lines += ["  skew: " + line for line in skew.text(view["skew"]).splitlines()]
    return "\n".join(lines)


def html(view: dict[str, Any]) -> str:
    """Draw as HTML."""
    rows = [
        (escape(name), f"<code>{escape(value)}</code>" if name in {"digest", "signatures"} else escape(value))
        for name, value in _facts(view)
    ]
    if view["gate"]:
        rows.append(("gate", badge(view["gate"])))
    if view["skew"]:
        rows.append(("answers as the notebook does", badge(view["skew"]["verdict"], view["skew"]["reason"])))
    content = table(("what", "found"), rows) if rows else ""
    if view["skew"]:
        content += details("Training-serving skew", skew.body(view["skew"]), opened=view["skew"]["verdict"] != "pass")
    return frame(
        view["title"], content, verdict=view["verdict"], words="REGISTERED" if view["version"] else "REFUSED", subtitle=view["reason"]
    )


def headline(view: dict[str, Any]) -> str:
    """Say it in one sentence."""
    done = "registered" if view["version"] else "not registered"
    return f"{view['verdict'].upper()}: {view['name']} {done}: {view['reason']}"


def _facts(view: dict[str, Any]) -> list[tuple[str, str]]:
    facts = [
        ("version", view["version"]),
        ("alias", view["alias"]),
        ("digest", view["digest"][:16]),
        ("served as", view["platform"]),
        ("signatures", ", ".join(view["signatures"])),
        ("size", f"{number(view['size_bytes'])} bytes" if view["size_bytes"] else ""),
        ("forced because", view["forced"]),
    ]
    return [(name, value) for name, value in facts if value]
