"""Names as they are when the running statement reads them: the notebook's, and those of calls that closures keep.

A name has a version for each statement that sets it; a statement sees the last one before it, or its own.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

from nb2pipe.analysis.scopes import Entry, Frame

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nb2pipe.analysis.incremental.ledger import Key, Ledger

FrameId = tuple[int, int]
"""The statement in which a frame was made, and which of its kept frames it is."""

Name = tuple[FrameId | None, str]
"""A name of a frame; None stands for the notebook."""

ANY_NAME = "\0names"


ATTRIBUTES = tuple(name for name in Frame.__fields__ if name not in ("layers", "outer", "returned"))  # type: ignore[attr-defined]
SETS = frozenset(name for name in ATTRIBUTES if isinstance(getattr(Frame(), name), set))


class Frozen(NamedTuple):
    """A frame that outlives the statement that made it, without its names."""

    id: FrameId
    outer: Frozen | None  # None: the notebook
    closes_over: bool  # whether there is an outer frame at all
    attributes: tuple[Any, ...]


class Versions:
    """What each statement has set names to."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.set_now: dict[Name, Entry] = {}  # by the running statement
        self._before: dict[Name, Entry] = {}
        self._keys: dict[Name, list[Key]] = {}
        self._entries: dict[Name, list[Entry]] = {}

    def begin(self, before: dict[Name, Entry]) -> None:
        """Forget what the running statement had set `before`."""
        self.set_now, self._before = {}, before

    def read(self, name: Name) -> Entry | None:
        """Return what a name is bound to now."""
        entry = self.set_now.get(name)
        if entry is not None:
            return entry
        self.ledger.look(name)
        at = bisect_left(self._keys.get(name, ()), self.ledger.now) - 1
        return self._entries[name][at] if at >= 0 else None

    def names(self) -> Iterator[str]:
        """List the names that the notebook has had by now."""
        self.ledger.look(ANY_NAME)
        now = self.ledger.now
        for name, keys in self._keys.items():
            if name[0] is None and ((keys and keys[0] < now) or name in self.set_now):
                yield name[1]
        yield from (name[1] for name in self.set_now if name[0] is None and name not in self._keys)

    def finish(self, forever: Key) -> None:
        """Let the readers of names that the running statement now sets otherwise run again."""
        now, before, after = self.ledger.now, self._before, self.set_now
        for name in before.keys() | after.keys():
            entry = after.get(name)
            if before.get(name) == entry:
                continue
            keys, entries = self._keys.setdefault(name, []), self._entries.setdefault(name, [])
            at = bisect_left(keys, now)
            if entry is None:
                del keys[at], entries[at]
            elif name in before:
                entries[at] = entry
            else:
                keys.insert(at, now)
                entries.insert(at, entry)
            after_this = bisect_right(keys, now)
            self.ledger.changed(name, keys[after_this] if after_this < len(keys) else forever)
            if (entry is None or name not in before) and name[0] is None:
                self.ledger.changed(ANY_NAME, forever)


class TimedLayer(dict[str, Entry]):
    """The lowest layer of a frame whose names have versions."""

    def __init__(self, versions: Versions, frame: FrameId | None) -> None:
        super().__init__()
        self._versions = versions
        self._frame = frame

    def get(self, name: str, default: Entry | None = None) -> Entry | None:  # type: ignore[override]
        """Return what a name is bound to now."""
        found = self._versions.read((self._frame, name))
        return default if found is None else found

    def __setitem__(self, name: str, entry: Entry) -> None:
        """Bind a name."""
        self._versions.set_now[self._frame, name] = entry

    def __iter__(self) -> Iterator[str]:
        """List the names of the notebook; a frame's own are asked one by one."""
        return self._versions.names()


class Kept(Frame):
    """A frame of an earlier statement that a closure has kept."""

    frozen: Frozen


class Frames:
    """The frames that closures keep from statement to statement."""

    def __init__(self, versions: Versions, top: Frame) -> None:
        self.versions = versions
        self.top = top
        self._thawed: dict[FrameId, Kept] = {}
        self._frozen: dict[int, Frozen] = {}

    def begin(self) -> None:
        """Start a statement."""
        self._thawed = {}
        self._frozen = {}

    def freeze(self, frame: Frame | None) -> Frozen | None:
        """Keep a frame and those around it; what they bind are versions of their names from now on."""
        if frame is None or frame is self.top:
            return None
        if isinstance(frame, Kept):
            return frame.frozen
        known = self._frozen.get(id(frame))
        if known is not None:
            return known
        outer = self.freeze(frame.outer)
        identity = (self.versions.ledger.now, len(self._frozen))
        attributes = [getattr(frame, name) for name in ATTRIBUTES]
        attributes = [frozenset(value) if isinstance(value, set) else value for value in attributes]
        frozen = Frozen(identity, outer, frame.outer is not None, tuple(attributes))
        self._frozen[id(frame)] = frozen
        for layer in frame.layers:
            for name, entry in layer.items():
                self.versions.set_now[identity, name] = entry
        return frozen

    def thaw(self, frame: Frame | Frozen | None) -> Frame | None:
        """Return a frame as it is now."""
        if frame is None or isinstance(frame, Frame):
            return frame
        known = self._thawed.get(frame.id)
        if known is None:
            attributes: dict[str, Any] = {
                name: set(value) if name in SETS else value for name, value in zip(ATTRIBUTES, frame.attributes, strict=True)
            }
            outer = self.thaw(frame.outer) if frame.outer is not None else self.top if frame.closes_over else None
            known = Kept(layers=[TimedLayer(self.versions, frame.id)], outer=outer, **attributes)
            self._thawed[frame.id] = known
            known.frozen = frame
        return known
