"""The facts of a drift report → text and HTML: what moved first, with both distributions; what stayed, folded."""

from __future__ import annotations

from typing import Any

from jupyter_mlops.widgets.markup import badge, details, escape, frame, number, table

_BADGES = {
    "drift": "fail",
    "missing column": "fail",
    "type changed": "fail",
    "cannot tell": "inconclusive",
    "steady": "pass",
    "new column": "info",
    "not tested": "info",
}
_WIDTH, _HEIGHT = 168, 40


def text(view: dict[str, Any]) -> str:
    """Draw as text."""
    lines = [
        view["headline"],
        f"{view['rows'][0]:,} rows of reference, {view['rows'][1]:,} current; alarm: q < {view['q']:g} and effect surely above {view['minimum_effect']:g}",
    ]
    for column in view["columns"]:
        if _BADGES[column["status"]] == "fail":
            since = view["since"].get(column["column"], {}).get("since")
            lines.append(f"  ✗ {column['column']}: {column['reason']}" + (f", since {since}" if since else ""))
    for column in view["columns"]:
        lines += [f"  ! {column['column']}: {note}" for note in column["notes"]]
    lines += [f"  slice {one['slice']}: {one['column']} moved by {number(one['effect'])}" for one in view["slices"][:10]]
    lines += [f"  {line}" for line in _so_what(view)]
    return "\n".join(lines + [f"  note: {note}" for note in view["notes"]])


def html(view: dict[str, Any]) -> str:
    """Draw as HTML without JavaScript."""
    loud = [one for one in view["columns"] if _BADGES[one["status"]] in {"fail", "inconclusive"} or one["new"]]
    quiet = [one for one in view["columns"] if one not in loud]
    body = _legend()
    if loud:
        body += table(["column", "verdict", "before and now", "effect, 95 % interval", "since", "PSI"], (_loud(one, view) for one in loud))
    so_what = "".join(f"<li>{escape(line)}</li>" for line in _so_what(view))
    body += f"<h4>So what</h4><ul>{so_what}</ul>" if so_what else ""
    if view["slices"]:
        rows = ([escape(one["slice"]), escape(one["column"]), number(one["effect"]), number(one["rows"])] for one in view["slices"])
        body += details(f"{len(view['slices'])} slices drift", table(["slice", "column", "effect", "rows"], rows), opened=not loud)
    if quiet:
        rows = (
            [
                escape(one["column"]),
                badge(_BADGES[one["status"]], one["status"]),
                _picture(one, 96, 20),
                number(one["effect"], 2),
                number(one["q"], 2),
                escape(_said(one)),
            ]
            for one in quiet
        )
        body += details(
            f"{len(quiet)} other columns", table(["column", "verdict", "before and now", "effect", "q", "why"], rows), opened=not loud
        )
    body += "".join(f"<p>{escape(note)}</p>" for note in view["notes"])
    rule = f"{view['rows'][1]:,} rows against {view['rows'][0]:,} of the reference. A column alarms when q < {view['q']:g} over all columns and its effect is surely above {view['minimum_effect']:g}."
    words = {"fail": "DRIFT", "pass": "STEADY", "inconclusive": "CANNOT TELL"}[view["verdict"]]
    headline = f"<p><strong>{escape(view['headline'])}</strong></p>"
    return frame(view["title"], headline + body, verdict=view["verdict"], words=words, subtitle=rule)


def _loud(one: dict[str, Any], view: dict[str, Any]) -> list[str]:
    interval = (
        f"{number(one['effect'])} <small>({number(one['low'])} to {number(one['high'])})</small>{_whisker(one, view['minimum_effect'])}"
        if one["test"]
        else "–"
    )
    since = view["since"].get(one["column"], {})
    when = escape(since.get("since") or "–") + (_strip(since) if since else "")
    name = f"<strong>{escape(one['column'])}</strong><br><small>{escape(_said(one))}</small>"
    return [name, badge(_BADGES[one["status"]], one["status"]), _picture(one, _WIDTH, _HEIGHT), interval, when, number(one["psi"], 2)]


def _said(one: dict[str, Any]) -> str:
    return "; ".join([one["reason"], *one["notes"]]).strip("; ")


def _legend() -> str:
    ground = "display:inline-block;width:14px;height:8px;"
    return (
        f'<p class="mlops-subtitle"><span style="{ground}background:var(--mlops-quiet);opacity:.45"></span> reference (filled) '
        f'&nbsp; <span style="{ground}border-top:2px solid var(--mlops-accent)"></span> current (line)</p>'
    )


def _picture(one: dict[str, Any], width: int, height: int) -> str:
    """Draw both histograms: the reference as an area, the current data as a line; categories as pairs of bars."""
    if "histogram" not in one:
        return ""
    before, now = one["histogram"]
    if "range" in one and width < 120:  # a small picture needs half the bins
        before, now = ([sum(side[index : index + 2]) for index in range(0, len(side), 2)] for side in (before, now))
    if "range" in one:
        where = f"from {number(one['range'][0], 4)} to {number(one['range'][1], 4)}"
    else:
        where = ", ".join(f"{name} {a / 100:g} % → {b / 100:g} %" for name, a, b in zip(one["categories"][:6], before, now, strict=False))
    title = f"{one['column']}, {where}"
    top = max([*before, *now, 1])
    drawn = _bars(before, now, top, width, height) if "categories" in one else _curves(before, now, top, width, height)
    return f'<svg role="img" width="{width}" height="{height}" viewBox="0 0 {width} {height}"><title>{escape(title)}</title>{drawn}</svg>'


def _curves(before: list[int], now: list[int], top: int, width: int, height: int) -> str:
    step = width / len(before)

    def stairs(shares: list[int]) -> str:
        heights = [round(height - 1 - (height - 3) * share / top) for share in shares]
        return "".join(f"V{place}h{step:g}" for place in heights)

    area = f'<path d="M0 {height - 1}{stairs(before)}V{height - 1}z" fill="var(--mlops-quiet)" opacity=".4"/>'
    return area + f'<path d="M0 {height - 1}{stairs(now)}V{height - 1}" fill="none" stroke="var(--mlops-accent)" stroke-width="1.5"/>'


def _bars(before: list[int], now: list[int], top: int, width: int, height: int) -> str:
    step, full = width / max(len(before), 1), height - 3
    drawn = ""
    for index, (first, second) in enumerate(zip(before, now, strict=True)):
        a, b, x = round(full * first / top, 1), round(full * second / top, 1), round(index * step, 1)
        drawn += f'<rect x="{x}" y="{height - 1 - a:g}" width="{step * 0.8:.1f}" height="{a:g}" fill="var(--mlops-quiet)" opacity=".4"/>'
        drawn += f'<path d="M{x} {height - 1 - b:g}h{step * 0.8:.1f}" stroke="var(--mlops-accent)" stroke-width="2"/>'
    return drawn


def _whisker(one: dict[str, Any], least: float) -> str:
    """Draw the interval on a line from 0 to 1 (square root scale), with the minimum effect marked."""
    low, value, high, mark = (
        round(160 * min(max(number_, 0.0), 1.0) ** 0.5, 1) for number_ in (one["low"], one["effect"], one["high"], least)
    )
    return (
        f'<br><svg role="img" width="164" height="12" viewBox="-2 0 164 12"><title>effect {number(one["effect"])}, interval {number(one["low"])} to {number(one["high"])}; the dashed line is the minimum effect</title>'
        f'<path d="M0 6H160" stroke="var(--mlops-line)"/><path d="M{mark} 0V12" stroke="var(--mlops-unsure)" stroke-dasharray="2 2"/>'
        f'<path d="M{low} 6H{high}" stroke="var(--mlops-accent)" stroke-width="3"/><circle cx="{value}" cy="6" r="3.5" fill="var(--mlops-accent)"/></svg>'
    )


def _strip(since: dict[str, Any]) -> str:
    """Draw the windows over time: height is effect; those that alarm are filled."""
    effects = [effect or 0.0 for effect in since["effects"]]
    top = max([*effects, 1e-9])
    drawn = ""
    for index, (effect, alarm) in enumerate(zip(effects, since["alarms"], strict=True)):
        tall = round(1 + 19 * effect / top, 1)
        paint = 'fill="var(--mlops-bad)"' if alarm else 'fill="none" stroke="var(--mlops-quiet)"'
        drawn += f'<rect x="{index * 8 + 1}" y="{21 - tall:g}" width="6" height="{tall:g}" {paint}/>'
    said = f"effect in {len(effects)} windows of time; {sum(since['alarms'])} alarm"
    return f'<br><svg role="img" width="{8 * len(effects) + 2}" height="22"><title>{said}</title>{drawn}</svg>'


def _important(view: dict[str, Any]) -> list[str]:
    """Say which of the five columns that the model goes by most moved."""
    weights: dict[str, float] = view.get("importance", {})
    if not weights:
        return []
    moved = {one["column"] for one in view["columns"] if _BADGES[one["status"]] == "fail"}
    top = list(weights)[:5]
    hit = [f"{name} ({weights[name]:.0%})" for name in top if name in moved]
    share = sum(weight for name, weight in weights.items() if name in moved)
    if not hit:
        return [f"none of the {len(top)} columns that the model goes by most moved; those that did carry {share:.0%} of its importance"]
    return [f"of the {len(top)} columns that the model goes by most, {len(hit)} moved: {', '.join(hit)}; all that moved carry {share:.0%}"]


def _so_what(view: dict[str, Any]) -> list[str]:
    lines = _important(view)
    if view["performance"]:
        before, now = view["performance"]["accuracy"]
        lines.append(
            f"expected accuracy without labels: {now[0]:.1%} ({now[1]:.1%} to {now[2]:.1%}), on the reference {before[0]:.1%}; holds if {view['performance']['assumption']}"
        )
        entropy = view["performance"]["entropy"]
        lines.append(f"entropy of predictions: {entropy[1][0]:.3f} bits, on the reference {entropy[0][0]:.3f}")
    lines += [
        f"refresh training data where {one['column']} {one['segment']}: {one['before']:.1%} of the reference, {one['now']:.1%} now"
        for one in view["refresh"]
    ]
    if view["multivariate"]:
        lines.append(view["multivariate"]["sentence"])
    return lines
