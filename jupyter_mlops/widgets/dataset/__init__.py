"""A data set: where it is, which bytes, which columns."""

from __future__ import annotations

from typing import Any

from jupyter_mlops.widgets.markup import details, escape, frame, table

_SHOWN_COLUMNS = 200


def text(view: dict[str, Any]) -> str:
    """Draw as text."""
    lines = [headline(view), f"  digest   {view['digest']}"]
    if view["version"]:
        lines.append(f"  version  {view['version']}")
    lines.append(f"  at       {view['uri']}")
    if view["columns"]:
        lines.append("  columns  " + ", ".join(f"{name}: {kind}" if kind else name for name, kind in list(view["columns"].items())[:40]))
    return "\n".join(lines)


def html(view: dict[str, Any]) -> str:
    """Draw as HTML."""
    facts = [["digest", f"<code>{escape(view['digest'])}</code>"], ["at", f"<code>{escape(view['uri'])}</code>"]]
    if view["version"]:
        facts.insert(1, ["version", f"<code>{escape(view['version'])}</code>"])
    body = table(["what", "which"], facts)
    if view["columns"]:
        rows = [[f"<code>{escape(name)}</code>", escape(kind or "text")] for name, kind in list(view["columns"].items())[:_SHOWN_COLUMNS]]
        body += details(f"{_count(len(view['columns']), 'column')}", table(["column", "type"], rows), opened=len(rows) <= 8)
    if view["file_count"] > 1:
        files = [[escape(file["name"]), size(file["size_bytes"]), f"<code>{file['sha256'][:12]}…</code>"] for file in view["files"]]
        body += details(_count(view["file_count"], "file"), table(["file", "size", "SHA-256"], files))
    return frame(f"Data set: {view['title']}", body, subtitle=headline(view).partition(": ")[2])


def headline(view: dict[str, Any]) -> str:
    """Say what it is in one sentence."""
    parts = [f"{view['rows']:,} rows"] if view["rows"] is not None else []
    parts += [_count(len(view["columns"]), "column")] if view["columns"] else []
    parts += [_count(view["file_count"], "file"), size(view["size_bytes"]), view["format"] or "unknown format", view["digest"][:19] + "…"]
    return f"{view['title']}: {', '.join(parts)}"


def size(count: float) -> str:
    """Write a size in bytes for people."""
    units = ("bytes", "KiB", "MiB", "GiB", "TiB")
    step = min(max(int(count).bit_length() - 1, 0) // 10, len(units) - 1)
    return f"{count / 1024**step:.4g} {units[step]}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"
