"""A search: the best, how it got there, which parameters mattered."""

from __future__ import annotations

from typing import Any

from jupyter_mlops.widgets.markup import details, escape, frame, number, table

_MOST = 200


def text(view: dict[str, Any]) -> str:
    """Draw as text."""
    lines = [headline(view)]
    if view["best"]:
        lines += [f"  {name} = {_plain(value)}" for name, value in view["best"]["parameters"].items()]
        lines += ["explains alone", *(f"  {name}: {share:.0%}" for name, share in view["importance"].items())]
    return "\n".join(lines)


def html(view: dict[str, Any]) -> str:
    """Draw as HTML."""
    body = ""
    if len(view["trials"]) < view["wanted"]:
        body += f'<p><progress max="{view["wanted"]}" value="{len(view["trials"])}" aria-label="trials made"></progress></p>'
    if view["best"]:
        rows = [
            [f"<code>{escape(name)}</code>", escape(_plain(value)), _bar(view["importance"].get(name, 0.0))]
            for name, value in view["best"]["parameters"].items()
        ]
        body += table(["parameter", "best", "explains alone"], rows) + _history(view)
    names = sorted({name for trial in view["trials"] for name in trial["parameters"]})
    rows = [
        [
            str(trial["number"]),
            *(escape(_plain(trial["parameters"].get(name))) for name in names),
            number(trial["value"], 5),
            trial["state"],
        ]
        for trial in view["trials"][-_MOST:]
    ]
    body += details(
        f"{len(view['trials'])} trials" + (f", the last {_MOST} shown" if len(view["trials"]) > _MOST else ""),
        table(["trial", *names, "value", "state"], rows),
    )
    return frame(f"Search: {view['title']}", body, subtitle=headline(view).partition(": ")[2])


def headline(view: dict[str, Any]) -> str:
    """Say the outcome in one sentence."""
    pruned = sum(trial["state"] == "pruned" for trial in view["trials"])
    made = f"{len(view['trials'])} of {view['wanted']} trials" + (f", {pruned} pruned" if pruned else "")
    if not view["best"]:
        return f"{view['title']}: no result yet; {made}"
    way = "highest" if view["maximize"] else "lowest"
    return f"{view['title']}: {way} value {number(view['best']['value'], 5)} in trial {view['best']['number']}; {made}"


def _plain(value: Any) -> str:
    return f"{value:.5g}" if isinstance(value, float) else str(value)


def _bar(share: float) -> str:
    said = f"{share:.0%}"
    return (
        f'<svg width="130" height="14" role="img" aria-label="{said}"><title>{said}</title><rect y="2" width="80" height="10" rx="2" fill="var(--mlops-raised)"/>'
        f'<rect y="2" width="{80 * share:.1f}" height="10" rx="2" fill="var(--mlops-accent)"/><text x="88" y="11">{said}</text></svg>'
    )


def _history(view: dict[str, Any]) -> str:
    """Draw the value of each trial, and the best so far as a line."""
    trials = view["trials"][-1000:]
    done = [trial for trial in trials if trial["value"] is not None]
    if len(done) < 2:
        return ""
    values = sorted(trial["value"] for trial in done)
    low, high = values[0], values[-1]
    if len(values) >= 20:  # one trial that went astray must not flatten the others
        edge = values[len(values) // 10] if view["maximize"] else values[-1 - len(values) // 10]
        low, high = (edge, high) if view["maximize"] else (low, edge)
    span = (high - low) or 1.0
    first, count = trials[0]["number"], max(len(trials) - 1, 1)

    def place(trial: dict[str, Any], value: float) -> tuple[float, float]:
        return 62 + 480 * (trial["number"] - first) / count, 112 - 100 * min(max((value - low) / span, 0), 1)

    dots, line, best = "", "", None
    for trial in done:
        x, y = place(trial, trial["value"])
        dots += f'<circle cx="{x:.0f}" cy="{y:.0f}" r="2.5" fill="var(--mlops-quiet)" opacity=".65"/>'
        if best is None or (trial["value"] > best if view["maximize"] else trial["value"] < best):
            best = trial["value"]
            top = place(trial, best)
            line += f"{'M' if not line else 'H'}{top[0]:.0f} {'' if not line else 'V'}{top[1]:.0f} "
    title = f"value of {len(done)} finished trials, from {number(low, 4)} to {number(high, 4)}, and the best so far"
    return (
        f'<svg viewBox="0 0 560 134" style="width:100%;max-width:46em" role="img" aria-label="{escape(title)}"><title>{escape(title)}</title>'
        f'<text x="56" y="16" text-anchor="end">{number(high, 3)}</text><text x="56" y="115" text-anchor="end">{number(low, 3)}</text>'
        f'<line x1="62" x2="546" y1="118" y2="118" stroke="var(--mlops-line)"/><text x="546" y="131" text-anchor="end">trial</text>{dots}'
        f'<path d="{line}H542" fill="none" stroke="var(--mlops-accent)" stroke-width="2"/></svg>'
    )
