"""A monitor as text and as HTML: a strip for each column, a square for each window, what moved, since when, and what labels say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.widgets.markup import badge, details, escape, frame, number, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SIDE, GAP, LEFT, ROW = 16, 2, 190, 20


def text(view: Mapping[str, Any]) -> str:
    """Draw as text; the first line is the headline."""
    lines = [headline(view)]
    lines += [f"  {each['name']}: effect {number(_last(each['effect']))} since {each['since']}" for each in _moving(view)]
    lines += [f"  note: {note}" for note in view["notes"]]
    for window in view["windows"][-5:]:
        told = ", ".join(
            f"{name} {number(value[0])} ({number(value[1])} to {number(value[2])})" for name, value in window["metrics"].items()
        )
        alarms = f"; alarm: {', '.join(window['alarms'])}" if window["alarms"] else ""
        lines.append(
            f"  {window['start']}  {window['rows']:,} rows, {window['drifted']} columns drifted{'; ' + told if told else ''}{alarms}"
        )
    return "\n".join(lines)


def headline(view: Mapping[str, Any]) -> str:
    """Say the verdict in a sentence."""
    windows = view["windows"]
    if not windows:
        return f"Nothing of {view['model']} has been judged yet: no window of its prediction log has ended"
    moving, alarms = _moving(view), windows[-1]["alarms"]
    parts = [f"{len(view['drifting'])} of {view['columns_in_all']} columns drift"] if moving else ["no column drifts"]
    if view["prediction"]["drifted"] and view["prediction"]["drifted"][-1]:
        parts.append("predictions have moved")
    parts.append(f"{' and '.join(alarms)} {'alarms' if len(alarms) == 1 else 'alarm'} on errors" if alarms else "no alarm on errors")
    return f"{view['model']}: {', '.join(parts)} in the newest of {len(windows)} windows"


def html(view: Mapping[str, Any]) -> str:
    """Draw as HTML."""
    windows = view["windows"]
    if not windows:
        return frame(view["title"], f"<p>{escape(headline(view))}</p>", verdict="info", words="nothing yet")
    trouble = bool(windows[-1]["alarms"])
    kind, words = ("fail", "ALARM") if trouble else ("warning", "DRIFT") if _moving(view) else ("pass", "QUIET")
    subtitle = (
        f"{windows[0]['start']} to {windows[-1]['start']} UTC, windows of {_length(view['every_seconds'])}; inputs against {_against(view)}"
    )
    body = [f"<p>{escape(headline(view))}.</p>", _strip(view)]
    body += [f"<p>{badge('warning', 'could not compare')} {escape(note)}</p>" for note in view["notes"][:10]]
    body.append(_table(view))
    return frame(view["title"], "".join(body), verdict=kind, words=words, subtitle=subtitle)


def _strip(view: Mapping[str, Any]) -> str:
    windows = view["windows"]
    rows = [*view["columns"], view["prediction"]]
    width, height = LEFT + len(windows) * (SIDE + GAP) + 8, (len(rows) + 1) * ROW + 26
    label = f"{len(view['columns'])} columns and the prediction over {len(windows)} windows; {len(view['drifting'])} columns drift in the newest"
    parts = [
        f'<svg role="img" aria-label="{escape(label)}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" style="max-width:100%">',
        f"<title>{escape(label)}</title>",
    ]
    for at, row in enumerate(rows):
        parts.append(f'<text x="{LEFT - 8}" y="{at * ROW + 14}" text-anchor="end">{escape(_cut(row["name"]))}</text>')
        parts.append(_squares(row, at * ROW + 1))
    below = len(rows) * ROW
    parts.append(f'<text x="{LEFT - 8}" y="{below + 14}" text-anchor="end">alarm on errors</text>')
    for place, window in enumerate(windows):
        x = LEFT + place * (SIDE + GAP)
        if window["alarms"]:
            named = escape(f"{', '.join(window['alarms'])} at {window['start']}")
            parts.append(f'<path d="M{x + 8} {below + 3}l6 11h-12z" fill="var(--mlops-bad)"><title>{named}</title></path>')
        else:
            parts.append(f'<circle cx="{x + 8}" cy="{below + 9}" r="1.5" fill="var(--mlops-quiet)"/>')
    parts.append(f'<text x="{LEFT}" y="{height - 6}">{escape(windows[0]["start"][5:16])}</text>')
    if len(windows) > 12:
        end = LEFT + len(windows) * (SIDE + GAP)
        parts.append(f'<text x="{end}" y="{height - 6}" text-anchor="end">{escape(windows[-1]["start"][5:16])}</text>')
    legend = '<p class="mlops-subtitle">The darker a square, the further the column has moved; a dot in it: more than noise, and enough to matter.</p>'
    return "".join(parts) + "</svg>" + legend


def _squares(row: Mapping[str, Any], y: int) -> str:
    """Draw one strip: squares of the same shade are one path, so that a strip takes little room in the notebook."""
    paths: dict[tuple[str, float], str] = {}
    dots = ""
    for place, effect in enumerate(row["effect"]):
        x = LEFT + place * (SIDE + GAP)
        drifted = row["drifted"][place]
        if effect is None:
            key = ("", 0.0)
        else:
            key = ("var(--mlops-bad)" if drifted else "var(--mlops-accent)", round(min(0.1 + effect * 1.8, 1.0), 1))
        paths[key] = paths.get(key, "") + f"M{x} {y}h{SIDE}v{SIDE}h-{SIDE}z"
        if drifted:
            dots += f"M{x + 8} {y + 8}h0"
    told = (
        f"{row['name']}: {sum(row['drifted'])} of {len(row['drifted'])} windows drifted{', since ' + row['since'] if row['since'] else ''}"
    )
    drawn = "".join(
        f'<path d="{d}" fill="{colour}" fill-opacity="{shade}"/>' if colour else f'<path d="{d}" fill="none" stroke="var(--mlops-line)"/>'
        for (colour, shade), d in sorted(paths.items())
    )
    marks = f'<path d="{dots}" stroke="var(--mlops-text)" stroke-width="6" stroke-linecap="round"/>' if dots else ""
    return f"<g><title>{escape(told)}</title>{drawn}{marks}</g>"


def _table(view: Mapping[str, Any]) -> str:
    names = sorted({name for window in view["windows"] for name in window["metrics"]})
    guessed = sorted({name for window in view["windows"] for name in window["estimates"]})
    head = ["window (UTC)", "rows", "version", "columns drifted", "labels", *names, *(f"{name}, estimated" for name in guessed), "alarms"]
    rows = [
        [
            escape(window["start"]),
            number(window["rows"]),
            "–" if window["version"] is None else str(window["version"]),
            escape(window.get("note", "")) or str(window["drifted"]),
            number(window["labelled"]),
            *(_interval(window["metrics"].get(name)) for name in names),
            *(_interval(window["estimates"].get(name)) for name in guessed),
            escape(", ".join(window["alarms"])) or "–",
        ]
        for window in reversed(view["windows"])
    ]
    shown = table(head, rows[:6], caption="The newest windows")
    return shown + (details(f"{len(rows) - 6} windows before", table(head, rows[6:])) if len(rows) > 6 else "")


def _interval(value: Sequence[float] | None) -> str:
    if value is None:
        return "–"
    return f'<span style="white-space:nowrap">{number(value[0])}</span> <span class="mlops-subtitle" style="white-space:nowrap">{number(value[1])} to {number(value[2])}</span>'


def _moving(view: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [each for each in view["columns"] if each["drifted"] and each["drifted"][-1]]


def _last(values: Sequence[float | None]) -> float | None:
    return values[-1] if values else None


def _against(view: Mapping[str, Any]) -> str:
    return "the reference profile" if view["reference"] == "given" else "the first window, as no reference was given"


def _length(seconds: float) -> str:
    for unit, word in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds % unit == 0:
            return f"{seconds / unit:g} {word}"
    return f"{seconds:g} s"


def _cut(name: str) -> str:
    return name if len(name) <= 28 else name[:27] + "…"
