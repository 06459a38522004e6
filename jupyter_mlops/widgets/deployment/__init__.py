"""A deployment → text, and HTML: stages, who answers, evidence against its bar for each guard, what was decided when."""

from __future__ import annotations

from typing import Any

from jupyter_mlops.widgets.deployment import plan
from jupyter_mlops.widgets.deployment.curve import curve
from jupyter_mlops.widgets.markup import badge, details, escape, frame, number, table

FINDINGS = {"good": ("pass", "good"), "harm": ("fail", "harm"), "unclear": ("inconclusive", "not known yet")}
BADGES = {"STABLE": "pass", "ROLLED_BACK": "fail", "ROLLING_BACK": "fail", "HELD": "warning"}
SIGNALS = {
    "errors": "Errors",
    "latency_p99": "Latency, p99",
    "predictions": "Predictions",
    "metric": "Online metric",
    "agreement": "Agreement",
}
STYLE = """
.mlops-stages { display: flex; flex-wrap: wrap; gap: 4px; list-style: none; padding: 0; margin: 10px 0; }
.mlops-stages li { flex: 1; min-width: 5em; padding: 3px 8px; border-top: 4px solid var(--mlops-line); color: var(--mlops-quiet); white-space: nowrap; }
.mlops-stages .done { border-color: var(--mlops-good); color: var(--mlops-text); }
.mlops-stages .now { border-color: var(--mlops-accent); color: var(--mlops-text); font-weight: 600; background: var(--mlops-raised); }
.mlops-stages .stopped { border-color: var(--mlops-bad); }
.mlops-share { display: flex; height: 22px; border: 1px solid var(--mlops-line); border-radius: 4px; overflow: hidden; max-width: 40em; }
.mlops-share span { overflow: hidden; white-space: nowrap; padding: 1px 6px; box-sizing: border-box; }
.mlops-share .candidate { background: var(--mlops-accent); color: var(--mlops-ground); }
"""


def headline(view: dict[str, Any]) -> str:
    """Say in one sentence how the deployment stands."""
    model, version, stage = view["model"], view["candidate"], view["stage"]
    if view["state"] == "STABLE":
        return f"{model} version {version} is stable and answers all requests."
    if view["state"] in {"ROLLED_BACK", "ROLLING_BACK"}:
        rest = f"version {view['stable']} answers all requests" if view["stable"] else "nothing answers"
        return f"{model} version {version} was rolled back: {view['reason']}; {rest}."
    return f"{model} version {version} is at {stage}: {view['reason']}." if version else f"{model} was never deployed."


def text(view: dict[str, Any]) -> str:
    """Draw as text."""
    if "plan" in view:
        return plan.text(view)
    lines = [headline(view)]
    lines += [f"  {_who(share)}" for share in view["traffic"]]
    for guard in view["guards"]:
        words = FINDINGS[guard["finding"]][1]
        against = f"evidence of harm {_power(max(guard['against']))} of {_power(guard['bar'])}"
        lines.append(f"  {SIGNALS[guard['signal']]}: {words}; {guard['words']}; {against}")
    lines += [f"  {one['after']:>8.0f} s  {one['from']} → {one['to']} ({one['stage']}): {one['reason']}" for one in view["log"]]
    return "\n".join(lines)


def html(view: dict[str, Any]) -> str:
    """Draw as HTML that needs no JavaScript."""
    if "plan" in view:
        return plan.html(view)
    verdict = BADGES.get(view["state"], "info")
    body = f"<style>{' '.join(STYLE.split())}</style>" + _stages(view) + _traffic(view) + _guards(view) + _log(view)
    return frame(view["title"], body, verdict=verdict, words=view["stage"], subtitle=headline(view))


def _stages(view: dict[str, Any]) -> str:
    words = {"done": "done", "now": "now", "ahead": "ahead"}
    stopped = ""
    if view["state"] in {"HELD", "ROLLING_BACK", "ROLLED_BACK"}:
        stopped, words["now"] = " stopped", "stopped here"
    items = "".join(
        f'<li class="{one["is"]}{stopped if one["is"] == "now" else ""}"{" aria-current=step" if one["is"] == "now" else ""}>'
        f'<span aria-label="{escape(one["name"])}, {words[one["is"]]}">{"✓ " if one["is"] == "done" else "✗ " if stopped and one["is"] == "now" else ""}{escape(one["name"])}</span></li>'
        for one in view["stages"]
    )
    return f'<ol class="mlops-stages" aria-label="Stages of the rollout">{items}</ol>'


def _traffic(view: dict[str, Any]) -> str:
    if not view["traffic"]:
        return "<p>Nobody answers requests of this model.</p>"
    live = [share for share in view["traffic"] if not share["shadow"] and share["share"] > 0]
    spans = "".join(
        f'<span class="{"candidate" if share["version"] == view["candidate"] else ""}" style="width:{share["share"]:.1%}">v{escape(share["version"])}</span>'
        for share in live
    )
    said = "; ".join(_who(share) for share in view["traffic"])
    return f'<h4>Who answers</h4><div class="mlops-share" role="img" aria-label="{escape(said)}">{spans}</div><p class="mlops-subtitle">{escape(said)}</p>'


def _guards(view: dict[str, Any]) -> str:
    if not view["guards"]:
        return "<p>Nothing was compared yet.</p>"
    rows = [
        (
            escape(SIGNALS[guard["signal"]]),
            badge(*FINDINGS[guard["finding"]]),
            curve(guard, view["interval"]),
            escape(_rates(guard)),
            escape(guard["words"]),
        )
        for guard in view["guards"]
    ]
    note = (
        "Evidence may be looked at at any time: rolled back when evidence of harm reaches its bar, promoted when evidence of health reaches its own. "
        f"{number(view['requests'])} requests in this stage, at least {number(view['needed'])} are needed."
    )
    head = ("Guard", "Finding", "Evidence over time", "Candidate / stable, 95 %", "In words")
    return f'<h4>Evidence</h4>{table(head, rows)}<p class="mlops-subtitle">{escape(note)}</p>'


def _log(view: dict[str, Any]) -> str:
    rows = [
        (
            f"{one['after']:,.0f} s",
            f"v{escape(one['version'])}",
            escape(f"{one['from']} → {one['to']}"),
            escape(one["stage"]),
            escape(one["reason"]),
        )
        for one in reversed(view["log"])
    ]
    return details(
        f"All {len(rows)} changes, newest first", table(("After", "Version", "Change", "Stage", "Why"), rows), opened=len(rows) <= 12
    )


def _who(share: dict[str, Any]) -> str:
    if share["shadow"]:
        return f"version {share['version']} gets copies of {share['share']:.0%}"
    return f"version {share['version']} answers {share['share']:.0%}" if share["share"] else f"version {share['version']} is kept warm"


def _rates(guard: dict[str, Any]) -> str:
    rates, score = guard["rates"], guard["signal"] in {"metric", "predictions"}
    shown = [f"{rate:.3f}" if score else f"{rate:.2%}" for rate in rates]
    if len(shown) == 6:
        return f"{shown[0]} ({shown[1]} – {shown[2]}) / {shown[3]} ({shown[4]} – {shown[5]})"
    return f"{shown[0]} ({shown[1]} – {shown[2]})" if len(shown) == 3 else " / ".join(shown)


def _power(tens: float) -> str:
    return f"{number(10**tens)}"
