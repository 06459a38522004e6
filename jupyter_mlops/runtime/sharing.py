"""The values of one port → which of them have a changeable part in common, and so must be stored together.

Arrays that look into one piece of memory do, and go on doing so where they arrive: frames and their columns too.
"""

from __future__ import annotations

import io
import pickle
import sys

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
    found, common = shared(apart)
    joint = Joint({name: apart.pop(name) for name in found})
    joint.common = common
    encodings.update(dict.fromkeys(joint, "joint"))
    return apart, joint


def shared(values: dict[str, Any]) -> tuple[list[str], set[int]]:
    """List the names whose objects share parts, and the parts by id: what a pickle of each would walk through.

    A walk of more than a million parts is given up, and the values are stored together.
    """
    owners = {id(value): {name} for name, value in values.items() if changeable(value)}
    roots = set(owners)
    kept: list[Any] = []  # temporary objects stay alive, so that no id is used twice
    names = list(values)
    for name, value in values.items():
        try:
            Walker(name, value, roots, owners, kept).dump(value)
        except OverflowError:
            return names, set(owners)
        except Exception:  # noqa: S112  # whatever cannot be pickled can still be kept by a serializer
            continue
    common = {part for part, found in owners.items() if len(found) > 1}
    together: set[str] = set().union(*(owners[part] for part in common))
    return [name for name in names if name in together], common


class Joint(dict):  # type: ignore[type-arg]
    """Values that are pickled together; it is read back as a plain dict."""

    common: Any = ()

    def __reduce__(self) -> Any:
        """Pickle the values where views can stay views."""
        file = io.BytesIO()
        Viewer(file, 5, self.common).dump(dict(self))
        return pickle.loads, (file.getvalue(),)


class Viewer(pickle.Pickler):
    """Pickles an array that looks into the memory of another one as just that."""

    def __init__(self, file: Any, protocol: int, common: Any) -> None:
        super().__init__(file, protocol)
        self.common = common

    def reducer_override(self, part: Any) -> Any:
        """Say how an array is made again from the memory it looks into; anything else as always."""
        owner = memory(part)
        if owner is part or id(owner) not in self.common or not (part.flags.writeable and owner.flags.c_contiguous):
            return NotImplemented
        start, first = (array.__array_interface__["data"][0] for array in (part, owner))
        return type(part), (part.shape, part.dtype, owner, start - first, part.strides)


def memory(part: Any) -> Any:
    """Give the array that owns the memory of an array of numbers, else the part itself."""
    kind = getattr(sys.modules.get("numpy"), "ndarray", None)
    return part.base if type(part) is kind and type(part.base) is kind and not part.dtype.hasobject else part


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
            shows = getattr(sys.modules.get("pandas"), "__version__", "3") < "3"  # from 3 on a change of a frame shows nowhere else
            arrays = getattr(getattr(part, "_mgr", None), "arrays", ()) if shows else ()
            for each in [part, memory(part), *map(memory, arrays)]:
                self.kept.append(each)
                self.owners.setdefault(id(each), set()).add(self.name)
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
