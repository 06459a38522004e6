"""A magic → the call that IPython makes of it."""

from __future__ import annotations


def joined(text: str) -> str:
    """Join the parts of a continued line as IPython does."""
    *parts, last = text.split("\n")
    return " ".join([*(part.rstrip()[:-1] for part in parts), last.rstrip()])


def call_help(target: str, mark: str) -> str:
    """Ask about a name: ``?`` in short, ``??`` with its source, a pattern for all that match."""
    method = "pinfo2" if mark == "??" else "psearch" if "*" in target else "pinfo"
    return f"get_ipython().run_line_magic({method!r}, {target!r})"


def call_quoted(escape: str, content: str) -> str:
    """Call a function with the words of the line: quoted each (``,``), as one text (``;``) or as they are (``/``)."""
    name, _, words = content.partition(" ")
    if escape == ",":
        return '{}("{}")'.format(name, '", "'.join(words.split()))
    return f'{name}("{words}")' if escape == ";" else f"{name}({', '.join(words.split())})"


def call_cell_magic(name: str, line: str, body: str, newlines: int) -> str:
    """Write the call on as many lines as the cell has, the body readable where it can be."""
    if body and newlines and "'''" not in body and "\\" not in body:
        text = body[:-1]
        return f"get_ipython().run_cell_magic({name!r}, {line!r}, '''\\\n{text}\\n''')" + "\n" * (newlines - 1 - text.count("\n"))
    return f"get_ipython().run_cell_magic({name!r}, {line!r}, {body!r})" + "\n" * newlines
