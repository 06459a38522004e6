"""A retraining policy as text and as HTML: what it says now and why, what has been decided, by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.widgets.markup import badge, details, escape, frame, table

if TYPE_CHECKING:
    from collections.abc import Mapping

BADGES = {"quiet": "pass", "retrain": "warning", "investigate": "info", "needs approval": "inconclusive"}
KINDS = {"decision": "info", "start": "warning", "approval": "info", "note": "info", "policy": "info"}


def text(view: Mapping[str, Any]) -> str:
    """Draw as text; the first line is the headline."""
    lines = [f"{view['model']}: {view['outcome']}, {view['reason']}", f"  policy: {view['policy']}"]
    lines += [f"  cause: {cause['key']}: {cause['evidence']}" for cause in view["causes"][:12]]
    if view["influence"]["warning"]:
        lines.append(f"  warning: {view['influence']['warning']}")
    if view["broken"] is not None:
        lines.append(f"  warning: entry {view['broken']} of the audit trail is not what was written")
    lines += [f"  {entry['at']}  {entry['who']}: {entry['told']}" for entry in view["entries"]]
    return "\n".join(lines)


def html(view: Mapping[str, Any]) -> str:
    """Draw as HTML."""
    body = [f"<p>{escape(view['reason'][:1].upper() + view['reason'][1:])}.</p>", _policy(view)]
    if view["causes"]:
        rows = [[escape(cause["key"]), escape(cause["evidence"])] for cause in view["causes"]]
        body.append(table(["what asks for it", "evidence"], rows[:6]))
        if len(rows) > 6:
            body.append(details(f"{len(rows) - 6} causes more", table(["what asks for it", "evidence"], rows[6:])))
    body.append(_influence(view))
    if view["broken"] is not None:
        body.append(f"<p>{badge('fail', 'TRAIL BROKEN')} entry {view['broken']} is not what was written</p>")
    rows = [
        [
            str(entry["number"]),
            escape(entry["at"]),
            _badge(entry),
            escape(entry["who"]),
            escape(entry["told"]),
            f"<code>{escape(entry['digest'])}</code>",
        ]
        for entry in reversed(view["entries"])
    ]
    head = ["no.", "time (UTC)", "what", "who", "told", "digest"]
    if rows:
        body.append(table(head, rows[:8], caption="Audit trail, newest first"))
    if len(rows) > 8:
        body.append(details(f"{len(rows) - 8} entries before", table(head, rows[8:])))
    return frame(view["title"], "".join(body), verdict=BADGES.get(view["outcome"], "inconclusive"), words=view["outcome"].upper())


def _policy(view: Mapping[str, Any]) -> str:
    held = {cause["key"] for cause in view["causes"]}
    guards = view["policy"].partition("; ")[2]
    items = "".join(
        f"<li>{' <b>and</b> '.join(escape(each) for each in trigger)}{' ' + badge('warning', 'holds') if set(trigger) <= held else ''}</li>"
        for trigger in view["triggers"]
    )
    return f"<h4>Retrain when any of</h4><ul>{items}</ul>" + (f"<p class='mlops-subtitle'>{escape(guards)}</p>" if guards else "")


def _influence(view: Mapping[str, Any]) -> str:
    found = view["influence"]
    if not found["rows"]:
        return ""
    told = f"{found['share']:.0%} of {found['rows']:,} rows to learn from were decided by the model itself; {found['exploration']:.0%} of its decisions were explored."
    mark = badge("warning", "FEEDBACK LOOP") + " " if found["warning"] else ""
    return f"<h4>Feedback loop</h4><p>{mark}{escape(found['warning'] or told)}</p>"


def _badge(entry: Mapping[str, Any]) -> str:
    good = entry["told"].startswith("promoted")
    return badge(("pass" if good else "fail") if entry["kind"] == "end" else KINDS[entry["kind"]], entry["kind"])
