"""Expectations and what came of them: failures first, with the rows that broke them."""

from __future__ import annotations

from typing import Any

from jupyter_mlops.widgets.markup import badge, details, escape, frame, table

_WORDS = {"pass": "as expected", "fail": "not as expected", "inconclusive": "cannot tell"}
_MOST = 300


def text(view: dict[str, Any]) -> str:
    """Draw as text."""
    lines = [headline(view)]
    for each in view["expectations"]:
        if not view["verdict"]:
            lines.append(f"  {_what(each)}")
        elif each["verdict"] != "pass":
            lines.append(f"  {each['verdict'].upper()}  {_what(each)} — {each['found']}")
            lines += ["    " + "  ".join(f"{name or 'row'}={value}" for name, value in row.items()) for row in each["rows"]]
    return "\n".join(lines)


def html(view: dict[str, Any]) -> str:
    """Draw as HTML."""
    if not view["verdict"]:
        rows = [[_column(each), escape(each["says"])] for each in view["expectations"][:_MOST]]
        return frame(f"Suite: {view['title']}", table(["column", "expected"], rows), subtitle=headline(view).partition(": ")[2])
    body = ""
    broken = [each for each in view["expectations"] if each["verdict"] != "pass"]
    if broken:
        body += table(["verdict", "column", "expected", "found"], [_row(each) for each in broken[:_MOST]])
    for each in broken[:30]:
        if each["rows"]:
            names = list(each["rows"][0])
            cells = [[_cell(row[name], marked=name == each["column"]) for name in names] for row in each["rows"]]
            more = each["unexpected"] > len(cells)
            said = f"{each['column']}: {each['unexpected']:,} rows, the first {len(cells)}" if more else f"{each['column']}: the rows"
            body += details(said, table([name or "row" for name in names], cells), opened=each is broken[0])
    fine = [each for each in view["expectations"] if each["verdict"] == "pass"]
    if fine:
        body += details(
            f"{len(fine)} as expected", table(["verdict", "column", "expected", "found"], [_row(each) for each in fine[:_MOST]])
        )
    kept = f" · data {view['digest'][:19]}…" if view["digest"] else ""
    return frame(
        f"Validation: {view['title']}",
        body,
        verdict=view["verdict"],
        words=_WORDS[view["verdict"]],
        subtitle=_summary(view) + kept,
    )


def headline(view: dict[str, Any]) -> str:
    """Say the verdict in one sentence."""
    if not view["verdict"]:
        return f"{view['title']}: {len(view['expectations'])} expectations"
    bad = [each for each in view["expectations"] if each["verdict"] == "fail"]
    return f"{view['title']}: {_summary(view)}" + (f": {_what(bad[0])} ({bad[0]['found']})" if bad else "")


def _summary(view: dict[str, Any]) -> str:
    count, told = len(view["expectations"]), [each["verdict"] for each in view["expectations"]]
    of = "" if view["row_count"] is None else f" on {view['row_count']:,} rows"
    if "fail" in told:
        return f"{told.count('fail')} of {count} expectations are not met{of}"
    if view["verdict"] == "inconclusive":
        return f"cannot tell{of}: {told.count('inconclusive')} of {count} expectations had nothing to look at"
    return f"all {count} expectations are met{of}"


def _what(each: dict[str, Any]) -> str:
    return f"`{each['column']}` {each['says']}" if each["column"] else each["says"]


def _row(each: dict[str, Any]) -> list[str]:
    return [badge(each["verdict"]), _column(each), escape(each["says"]), escape(each["found"])]


def _column(each: dict[str, Any]) -> str:
    return f"<code>{escape(each['column'])}</code>" if each["column"] else "whole table"


def _cell(value: str, *, marked: bool) -> str:
    return f"<strong>{escape(value)}</strong>" if marked else escape(value)
