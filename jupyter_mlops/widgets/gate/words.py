"""A gate's facts → the sentences and numbers that text and HTML share."""

from __future__ import annotations

from typing import Any

WORDS = {
    "non_inferior": "not worse than",
    "superior": "better than",
    "at_least": "at least",
    "at_most": "at most",
    "equal": "equal to",
}
UNJUDGED = "reported only"


def headline(view: dict[str, Any]) -> str:
    """Say the verdict in one sentence, with the row that made it."""
    name, n = view["name"], f"{view['n']:,} row{'s' * (view['n'] != 1)}"
    if view["refused"]:
        why = next(each["found"] for each in view["checks"] if each["status"] == "fail")
        return f"FAIL: gate {name} refused to judge: {why}"
    judged = [row for row in view["rows"] if not row["report_only"]]
    if view["verdict"] == "pass":
        return (
            f"PASS: gate {name}: all {len(judged)} rules hold on {n}"
            if len(judged) != 1
            else f"PASS: gate {name}: {sentence(judged[0])} on {n}"
        )
    bad = [row for row in judged if row["verdict"] == view["verdict"]]
    if not bad:
        return f"INCONCLUSIVE: gate {name} had nothing to judge: there is no champion, no baseline and no limit"
    more = f", and {len(bad) - 1} more" if len(bad) > 1 else ""
    if view["verdict"] == "fail":
        return f"FAIL: gate {name}: on {n} it does not hold that {sentence(bad[0])}{more}"
    needed = f": about {view['n_needed']:,} rows are needed" if view["n_needed"] else ""
    return f"INCONCLUSIVE: gate {name}: {n} cannot tell whether {sentence(bad[0])}{more}{needed}"


def sentence(row: dict[str, Any]) -> str:
    """Say what a row claims."""
    return f"{claim(row)} is {rule_words(row)}"


def claim(row: dict[str, Any]) -> str:
    """Name what a row is about."""
    return row["metric"].replace("_", " ") if row["scope"] == "all rows" else f"{row['metric'].replace('_', ' ')} ({row['scope']})"


def rule_words(row: dict[str, Any]) -> str:
    """Say a row's rule: ``not worse than champion by more than 0.005``."""
    if row["threshold"] is None:
        return UNJUDGED
    if row["rule"] in {"at_least", "at_most"}:
        return f"{WORDS[row['rule']]} {shown(row['threshold'], row['unit'])}"
    room = row["margin"] or 0.0
    words = f"{WORDS[row['rule']]} {row['against']}"
    if row["rule"] == "non_inferior":
        return f"{words} by more than {shown(room, row['unit'])}"
    if row["rule"] == "equal":
        return f"{words} within {shown(room, row['unit'])}"
    return f"{words} by {shown(room, row['unit'])}" if room else words


def interval(row: dict[str, Any]) -> str:
    """Write an estimate with its interval; differences carry their sign."""
    if row["estimate"] is None:
        return "no value"
    sign = row["rule"] not in {"at_least", "at_most"}
    ends = ", ".join("∞" if each is None else shown(each, row["unit"], sign=sign, bare=True) for each in (row["low"], row["high"]))
    return f"{shown(row['estimate'], row['unit'], sign=sign)} [{ends}]".replace("-", "−")


def shown(value: float | None, unit: str = "", *, sign: bool = False, bare: bool = False) -> str:
    """Write a number in its unit."""
    if value is None:
        return "–"
    if unit == "relative":
        return f"{100 * value:{'+' if sign else ''}.2f}" + ("" if bare else " %")
    tail = "" if bare or not unit else f" {unit}"
    if unit == "bytes" or abs(value) >= 1000:
        return f"{value:{'+' if sign else ''},.0f}{tail}"
    if unit == "ms":
        return f"{value:.3g}{tail}"
    digits = 4 if 0 < abs(value) < 1 else 3
    return f"{value:+.{digits}f}{tail}" if sign else f"{value:.{digits}f}".rstrip("0").rstrip(".") + tail
