"""The problem card: what counts, how far it is from the baseline to good enough, and what it may cost."""

from __future__ import annotations

from typing import Any

from jupyter_mlops.widgets.markup import escape, frame, number

_SECTIONS = {
    "What it is for": {"business_metric": "business metric", "offline_proxy": "why this metric", "usage": "used"},
    "Data": {
        "target": "target",
        "positive": "positive label",
        "data_needed": "needed",
        "data_available": "available",
        "time_column": "time column",
        "max_evaluation_age_days": "evaluation age",
        "drift_minimum_effect": "smallest drift",
    },
    "Budget": {
        "latency_p50_milliseconds": "latency p50",
        "latency_p99_milliseconds": "latency p99",
        "max_model_bytes": "model size",
        "max_training_cost": "one training",
        "max_monthly_cost": "a month of service",
    },
    "Who must not lose": {
        "slices": "slices",
        "fairness_groups": "fairness groups",
        "max_fairness_difference": "largest difference of rates",
    },
}

_STYLE = (
    "<style>.mlops-problem-grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(17em,1fr));gap:4px 28px}"
    ".mlops-problem-grid dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 12px;margin:0}"
    ".mlops-problem-grid dt{color:var(--mlops-quiet)}.mlops-problem-grid dd{margin:0}"
    ".mlops-problem-chip{display:inline-block;background:var(--mlops-raised);border:1px solid var(--mlops-line);border-radius:9px;padding:0 8px;margin:0 4px 2px 0}"
    ".mlops-problem-goal{display:block;width:100%;max-width:46em;margin:8px 0 4px}</style>"
)


def text(view: dict[str, Any]) -> str:
    """Draw as text."""
    lines = [headline(view)]
    for title, rows in _facts(view):
        lines += [title, *(f"  {name}: {value}" for name, value in rows)]
    return "\n".join(lines)


def html(view: dict[str, Any]) -> str:
    """Draw as HTML."""
    blocks = ""
    for title, rows in _facts(view, marked=True):
        body = "".join(f"<dt>{escape(name)}</dt><dd>{value}</dd>" for name, value in rows)
        blocks += f"<div><h4>{escape(title)}</h4><dl>{body}</dl></div>"
    body = f'{_STYLE}{_goal(view)}<div class="mlops-problem-grid">{blocks}</div>'
    return frame(f"Problem: {view['name']}", body, subtitle=headline(view).partition(": ")[2])


def headline(view: dict[str, Any]) -> str:
    """Say the goal in one sentence."""
    way = "higher" if view["higher_is_better"] else "lower"
    goal = f"{view['metric']}, {way} is better"
    if "good_enough" in view:
        goal += f"; good enough {'from' if view['higher_is_better'] else 'up to'} {number(view['good_enough'], 4)}"
    if "baseline" in view:
        goal += f"; baseline {_plain(view['baseline'])}"
    if "margin" in view:
        goal += f"; differences up to {number(view['margin'])} do not matter"
    return f"{view['name']}: {goal}; {view['confidence']:.4g} confidence"


def _facts(view: dict[str, Any], *, marked: bool = False) -> list[tuple[str, list[tuple[str, str]]]]:
    """Give the sections that have something to say; values as text, or `marked` as HTML."""
    sections = []
    for title, keys in _SECTIONS.items():
        rows = [(name, _value(key, view[key], view["currency"], marked=marked)) for key, name in keys.items() if key in view]
        if rows:
            sections.append((title, rows))
    return sections


def _value(key: str, value: Any, currency: str, *, marked: bool) -> str:
    if isinstance(value, list):
        if marked:
            return "".join(f'<span class="mlops-problem-chip">{escape(each)}</span>' for each in value)
        return ", ".join(map(str, value))
    if key.endswith("_milliseconds"):
        said = f"{number(value)} ms"
    elif key == "max_model_bytes":
        said = _size(value)
    elif key in ("max_training_cost", "max_monthly_cost"):
        said = f"{currency} {number(value)}"
    elif key.endswith("_days"):
        said = f"{number(value)} days"
    else:
        said = _plain(value)
    return escape(said) if marked else said


def _plain(value: Any) -> str:
    return number(value, 4) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _size(count: float) -> str:
    for unit in ("bytes", "KiB", "MiB", "GiB"):  # noqa: B007 - the last one is used below
        if count < 1024:
            break
        count /= 1024
    return f"{number(count)} {unit}"


def _goal(view: dict[str, Any]) -> str:
    """Draw the way from the baseline to good enough, better to the right."""
    base, goal = view.get("baseline"), view.get("good_enough")
    if not isinstance(base, int | float) or not isinstance(goal, int | float) or base == goal:
        return ""
    title = f"from the baseline {number(base, 4)} to good enough, {number(goal, 4)}; better is to the right"
    left, right = 110, 410
    margin = view.get("margin")
    halo = min(abs(margin / (goal - base)) * (right - left), 90) if margin else 0
    band = (
        f'<rect x="{right - halo:.1f}" y="27" width="{2 * halo:.1f}" height="10" fill="var(--mlops-good)" opacity=".25"/>' if halo else ""
    )
    return (
        f'<svg class="mlops-problem-goal" viewBox="0 0 560 62" role="img" aria-label="{escape(title)}"><title>{escape(title)}</title>'
        '<line x1="20" x2="538" y1="32" y2="32" stroke="var(--mlops-line)" stroke-width="2"/>'
        '<path d="M534 27 l8 5 l-8 5" fill="none" stroke="var(--mlops-quiet)" stroke-width="2"/>'
        f'<line x1="{left}" x2="{right}" y1="32" y2="32" stroke="var(--mlops-accent)" stroke-width="3"/>'
        f'<line x1="{right}" x2="532" y1="32" y2="32" stroke="var(--mlops-good)" stroke-width="3"/>{band}'
        f'<circle cx="{left}" cy="32" r="5" fill="var(--mlops-ground)" stroke="var(--mlops-accent)" stroke-width="2"/>'
        f'<path d="M{right} 25 l7 7 l-7 7 l-7 -7 z" fill="var(--mlops-good)"/>'
        f'<text x="{left}" y="16" text-anchor="middle">baseline</text><text x="{left}" y="54" text-anchor="middle">{escape(number(base, 4))}</text>'
        f'<text x="{right}" y="16" text-anchor="middle">good enough</text><text x="{right}" y="54" text-anchor="middle">{escape(number(goal, 4))}</text></svg>'
    )
