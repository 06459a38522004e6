"""What a call of a library does, looked up in the files of `facts/`, which are written by probing the libraries.

A line says ``owner effect: names``; `owner` is a type, a module, or ``library.*`` for the types of a library that behave alike.
A file is read when its library is first asked about. Where two releases were probed, what either of them does is taken.
"""

from __future__ import annotations

from functools import cache, lru_cache

FOLDER = __file__.removesuffix(".py")

FILES = {
    "": ("builtins",),
    "collections": ("builtins",),
    **dict.fromkeys(
        "io random pathlib datetime logging csv itertools heapq bisect copy operator os warnings decimal re".split(), ("standard",)
    ),
    "numpy": ("numpy", "numpy-1"),
    "pandas": ("pandas", "pandas-2"),
    **{name: (name,) for name in "sklearn matplotlib scipy xgboost networkx river".split()},
}
"""First part of a path → the files that know it."""

UNKNOWN = "unprobed"

Effects = frozenset[str]
NONE: Effects = frozenset()


@lru_cache(maxsize=4096)
def effects_of(owner: str, name: str, *switches: str) -> Effects | None:
    """Return what calling `name` of a type or module does; None when it was not probed.

    Parameters
    ----------
    owner : str
        Dotted path of the type or module.
    name : str
        The method or function.
    switches : str
        Boolean keywords of the call that make another call of it, as ``inplace=True``; the empty text for a call without arguments.

    Returns
    -------
    frozenset of str
        ``changes``, ``gives``, ``wraps``, ``keeps``, ``result``, ``sets`` and ``draws`` with what they concern, as in the files.
    """
    names = _names(owner)
    plain = names.get(f"{name}()", names.get(name)) if "" in switches else names.get(name)
    if plain is None and "." in owner:
        plain = _names(owner.partition(".")[0] + ".*").get(name)
    switched = frozenset().union(*(names.get(f"{name}({switch})", NONE) for switch in switches))
    return plain | switched if plain is not None else switched or None


@cache
def results_of(effects: Effects) -> tuple[str, ...]:
    """List the types that a result was seen to have."""
    return tuple(sorted(each.removeprefix("result ") for each in effects if each.startswith("result ")))


@cache
def done_by(effects: Effects) -> tuple[tuple[str, str], ...]:
    """List what a call does beside giving a result: the word, and what it concerns."""
    parts = (each.rpartition(" ") for each in sorted(effects))
    return tuple((word, place) for word, _, place in parts if word in ("changes", "keeps", "keeps inside", "sets"))


@cache
def ties(effects: Effects) -> bool:
    """Tell whether a result has to do with the receiver or the arguments."""
    return any(each.startswith(("gives ", "wraps ")) for each in effects)


@cache
def _names(owner: str) -> dict[str, Effects]:
    """Return what each name of an owner does."""
    found: dict[str, set[str]] = {}
    for file in FILES.get(owner.partition(".")[0] if "." in owner or owner in FILES else "", ()):
        for effect, names in _rows(file).get(owner, ()):
            for name in names.split():
                found.setdefault(name, set()).add(effect)
    return {name: frozenset(effects) - {UNKNOWN} for name, effects in found.items() if effects != {UNKNOWN}}


@cache
def _rows(file: str) -> dict[str, list[tuple[str, str]]]:
    """Read one file: owner → effects with their names."""
    rows: dict[str, list[tuple[str, str]]] = {}
    with open(f"{FOLDER}/{file}.txt", encoding="utf-8") as lines:  # noqa: PTH123 - pathlib is not loaded for a clean compile
        text = lines.read()
    for line in text.splitlines():
        if not line.startswith("#"):
            head, _, names = line.partition(": ")
            owner, _, effect = head.partition(" ")
            rows.setdefault(owner, []).append((effect, names))
    return rows
