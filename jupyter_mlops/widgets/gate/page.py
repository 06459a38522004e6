"""A gate's facts → HTML that a reviewer reads from top to bottom and signs."""

from __future__ import annotations

from typing import Any

from jupyter_mlops.widgets.gate.plots import MOST, forest, reliability, times
from jupyter_mlops.widgets.gate.words import UNJUDGED, claim, headline, interval, rule_words, shown
from jupyter_mlops.widgets.markup import badge, details, escape, frame, number, table

TITLES = {"pass": "PASS", "fail": "FAIL", "warning": "NOT CHECKED", "info": "NOTE"}


def html(view: dict[str, Any]) -> str:
    """Draw the whole report."""
    main = [row for row in view["rows"] if not _is_slice(row)]
    parts = [row for row in view["rows"] if _is_slice(row)]
    body = [f"<p><strong>{escape(headline(view).partition(': ')[2])}</strong></p>", _changes(view)]
    if main:
        body += ["<h4>Evidence</h4>", _evidence(main)]
    if parts:
        body += ["<h4>Slices</h4>", _slices(view, main, parts)]
    body += ["<h4>Are these rows fit to judge on?</h4>", _checks(view["checks"])]
    body.append(_pictures(view))
    body.append(_more(view))
    body.append(_signatures(view))
    words = "REFUSED" if view["refused"] else ""
    small = f"{view['n']:,} held-out rows · one-sided confidence {view['confidence']:g} · " + " · ".join(
        f"{side} {version}" for side, version in view["versions"].items()
    )
    return frame(view["title"], "".join(body), verdict=view["verdict"], words=words, subtitle=small.rstrip(" ·"))


def _is_slice(row: dict[str, Any]) -> bool:
    return " = " in row["scope"]


def _changes(view: dict[str, Any]) -> str:
    items = "".join(f"<li>{escape(each)}</li>" for each in view["changes"])
    return f"<h4>What would change the verdict</h4><ul>{items}</ul>"


def _evidence(rows: list[dict[str, Any]]) -> str:
    drawn = [
        [
            badge("info", UNJUDGED) if row["report_only"] else badge(row["verdict"]),
            escape(claim(row)),
            escape(rule_words(row)),
            f'<span style="white-space:nowrap">{escape(interval(row))}</span>',
            escape(shown(row["value"], "" if row["unit"] == "relative" else row["unit"])),
            escape(shown(row["other"])),
            f"{row['n']:,}",
            f"{row['needed']:,}" if row["needed"] else "–",
            escape(" · ".join(each for each in (row["method"], row["note"]) if each)),
        ]
        for row in rows
    ]
    head = ["verdict", "what", "rule", "estimate [interval]", "challenger", "other", "n", "n needed", "how"]
    return (
        f'<div style="overflow-x:auto">{table(head, drawn, caption="A rule passes when its whole interval lies on the good side.")}</div>'
    )


def _slices(view: dict[str, Any], main: list[dict[str, Any]], parts: list[dict[str, Any]]) -> str:
    whole = [row for row in main if row["metric"] == parts[0]["metric"] and row["against"] == parts[0]["against"]][:1]
    comparable = [{**row, "threshold": parts[0]["threshold"]} for row in whole if row["unit"] == parts[0]["unit"]]
    drawn = forest([*comparable, *parts], f"{parts[0]['metric']} against {parts[0]['against']} by slice")
    counts = {each: sum(row["verdict"] == each for row in parts) for each in ("pass", "inconclusive", "fail")}
    words = ", ".join(f"{count} {each}" for each, count in counts.items() if count)
    notes = [f"{len(parts)} slices: {words}; failures are corrected for their number ({escape(view['correction'])})."]
    if len(parts) > MOST:
        notes.append(f"The worst {MOST} are drawn.")
    if view["small"]:
        shown_small = ", ".join(f"{each['slice']} ({each['n']:,})" for each in view["small"][:12])
        notes.append(f"Too small to be judged: {escape(shown_small)}{' …' if len(view['small']) > 12 else ''}.")
    return drawn + f'<p class="mlops-subtitle">{" ".join(notes)}</p>'


def _checks(checks: list[dict[str, str]]) -> str:
    rows = [
        [
            badge(each["status"], TITLES[each["status"]]),
            escape(each["name"]),
            escape(each["found"] + (f" → {each['fix']}" if each["fix"] else "")),
        ]
        for each in checks
    ]
    return table(["check", "of", "found"], rows)


def _pictures(view: dict[str, Any]) -> str:
    drawn = []
    if view["curve"]:
        drawn.append(f"<div><h4>Calibration</h4>{reliability(view['curve'])}</div>")
    if view["latency"]:
        limits = {row["metric"].split()[-1]: row["threshold"] for row in view["rows"] if row["metric"].startswith("latency ")}
        title = f"Latency, {view['latency']['n']:,} warm requests"
        drawn.append(f"<div><h4>{title}</h4>{times(view['latency'], limits)}</div>")
    return f'<div style="display:flex;gap:32px;flex-wrap:wrap">{"".join(drawn)}</div>' if drawn else ""


def _more(view: dict[str, Any]) -> str:
    """Draw what supports the verdict and does not make it."""
    found = []
    if view["metrics"]:
        names = list(dict.fromkeys(name for side in view["metrics"].values() for name in side))
        rows = [[escape(name), *(number(side.get(name), 4) for side in view["metrics"].values())] for name in names]
        found.append(table(["metric", *view["metrics"]], rows, caption="Values on all rows"))
    if view["tests"]:
        rows = [[escape(each["test"]), f"{each['p']:.3g}", escape(each["detail"])] for each in view["tests"]]
        found.append(table(["paired test", "p", "seen"], rows, caption="Tests of “no difference”, two-sided"))
    for each in view["groups"]:
        rows = [
            [
                escape(rate["group"]) + ("" if rate["judged"] else " (too few)"),
                f"{rate['n']:,}",
                *(number(rate[key]) for key in ("selected", "true_positive_rate", "false_positive_rate")),
            ]
            for rate in each["rates"][:50]
        ]
        found.append(table([each["column"], "n", "selected", "true positive rate", "false positive rate"], rows, caption="Rates by group"))
    return details("Metrics, tests and groups", "".join(found)) if found else ""


def _signatures(view: dict[str, Any]) -> str:
    signed = [[escape(each["by"]), escape(each["at"]), escape(each["note"] or "–"), badge(each["verdict"])] for each in view["approvals"]]
    lines = (
        table(["signed by", "at", "note", "verdict signed"], signed)
        if signed
        else "<p>Not signed: <code>report.approve(by, note)</code>.</p>"
    )
    digests = " · ".join(
        f"{name} <code>{escape(value[:12])}</code>" for name, value in {**view["digests"], "report": view["digest"]}.items()
    )
    return f'<h4>Signatures</h4>{lines}<p class="mlops-subtitle">Digests: {digests}</p>'
