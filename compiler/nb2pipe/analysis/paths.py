"""What the tables written by hand say of a dotted path, looked up once for each path."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from nb2pipe.analysis.knowledge import files, functions, randomness

FOLLOWED = ("builtins.", "itertools.", "collections.", "copy.", "operator.", "functools.", "decimal.")
"""Modules whose results are followed element by element elsewhere."""

BELOW_SETTINGS = tuple(each + "." for each in functions.SETTINGS)


class About(NamedTuple):
    """What is known of a function or class by its path alone."""

    owner: str
    last: str
    is_class: bool  # capitalised: its result is one of it
    is_setting: bool
    has_effects: bool  # calling it may do more than return a value
    is_followed: bool  # its result is known by hand, better than by the facts
    result_type: str  # "" where nothing is known
    draws: tuple[str, ...]  # libraries from whose global generator it draws
    uses_files: bool


@lru_cache(maxsize=4096)
def about(path: str) -> About:
    """Look a path up."""
    owner, _, last = path.rpartition(".")
    is_class = last[:1].isupper()
    by_hand = path.startswith(FOLLOWED) or path in functions.RESULT_TYPES or path in functions.SPLITS_ARGUMENTS
    return About(
        owner=owner,
        last=last,
        is_class=is_class,
        is_setting=is_setting(path),
        has_effects=not path.startswith(functions.WITHOUT_EFFECTS) or path in functions.WITH_EFFECTS,
        is_followed=by_hand or is_class or path in functions.HOLDS_ARGUMENTS or path in functions.RETURNS_COPY,
        result_type=functions.RESULT_TYPES.get(path) or (path if is_class else _type_below(path)),
        draws=() if path in randomness.SEEDERS or path in randomness.NOT_DRAWS else _draws(path),
        uses_files=any(path in table for table in files.BY_PATH) or path.startswith(files.READING_PREFIXES),
    )


def is_setting(path: str) -> bool:
    """Tell whether a call changes library-wide state and nothing else."""
    return path in functions.SETTINGS or path.startswith(BELOW_SETTINGS)


def _type_below(path: str) -> str:
    return next((type_ for prefix, type_ in functions.RESULT_TYPE_PREFIXES if path.startswith(prefix)), "")


def _draws(path: str) -> tuple[str, ...]:
    return tuple(library for prefix, library in randomness.DRAWS.get(path.partition(".")[0], ()) if path.startswith(prefix))
