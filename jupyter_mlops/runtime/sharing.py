"""The values of one port → which of them have a changeable part in common, and so must be stored together."""

from __future__ import annotations

import pickle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MOST_PARTS = 1_000_000
_OPAQUE = ("keras", "tensorflow", "pandas", "polars", "pyarrow")  # not entered: pickling one copies it, or writes it to disk
_FIXED = (str, int, float, complex, bytes, type(None), tuple)


def separate(values: dict[str, Any], encodings: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Split values into those that are stored alone and those that share parts; note the latter, and names of one object, in `encodings`."""
    first: dict[int, str] = {}
    for name, value in values.items():
        encodings[name] = "=" + first.setdefault(id(value), name)
    apart = {name: values[name] for name in first.values()}
    joint = {name: apart.pop(name) for name in shared(apart)}
    encodings.update(dict.fromkeys(joint, "joint"))
    return apart, joint


def shared(values: dict[str, Any]) -> list[str]:
    """List the names whose objects share parts: what a pickle of each would walk through.

    A walk of more than a million parts is given up, and the values are stored together.
    """
    owners = {id(value): {name} for name, value in values.items() if changeable(value)}
    roots = set(owners)
    kept: list[Any] = []  # temporary objects stay alive, so that no id is used twice
    for name, value in values.items():
        try:
            Walker(name, value, roots, owners, kept).dump(value)
        except OverflowError:
            return list(values)
        except Exception:  # noqa: S112  # whatever cannot be pickled can still be kept by a serializer
            continue
    together: set[str] = set().union(*(names for names in owners.values() if len(names) > 1))
    return [name for name in values if name in together]


class Walker(pickle.Pickler):
    """Visits all parts of a value, writes nothing."""

    def __init__(self, name: str, value: Any, roots: set[int], owners: dict[int, set[str]], kept: list[Any]) -> None:
        super().__init__(self, 5, buffer_callback=lambda _: None)
        self.name, self.value, self.roots, self.owners, self.kept = name, value, roots, owners, kept

    def write(self, data: Any) -> int:
        """Be the file that is written to."""
        return len(data)

    def persistent_id(self, part: Any) -> Any:
        """See one part; immutable ones do not count, other values of the port are not entered."""
        if changeable(part):
            if len(self.kept) > _MOST_PARTS:
                raise OverflowError
            self.kept.append(part)
            self.owners.setdefault(id(part), set()).add(self.name)
        opaque = type(part).__module__.partition(".")[0] in _OPAQUE
        return opaque or (part is not self.value and id(part) in self.roots) or None


def changeable(part: Any) -> bool:
    """Say whether someone could tell an object from an equal copy of it by changing it."""
    kind = type(part)
    if isinstance(part, _FIXED) or hasattr(part, "__qualname__"):  # functions and classes have a qualified name
        return False
    if kind.__module__.startswith(("pandas.core.indexes", "datetime", "zoneinfo", "pytz")):
        return False
    own: Any = kind.__hash__
    if own is None or own is object.__hash__:
        return True
    try:
        hash(part)
    except TypeError:
        return True
    return False
