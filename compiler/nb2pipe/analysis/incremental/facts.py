"""Records of a cell's statements → what the editor shows of the cell."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from nb2pipe.ir.dataflow import is_state
from nb2pipe.record import record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nb2pipe.analysis.incremental.ledger import Key
    from nb2pipe.analysis.incremental.machine import Place
    from nb2pipe.analysis.incremental.session import Placed
    from nb2pipe.source import CellId


@record(kw_only=True)
class Read:
    """A name that a cell uses, and the cells whose binding or change of it may be current then, in order."""

    name: str
    producers: tuple[CellId, ...]


@record(kw_only=True)
class CellFacts:
    """What a cell reads from other cells, writes and changes, and where what it uses comes from."""

    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    mutates: tuple[str, ...] = ()
    uses: tuple[Read, ...] = ()


NO_FACTS = CellFacts()


def facts_of(places: Sequence[Place], all_places: Mapping[Key, tuple[Place, Placed]], versions: Mapping[str, Sequence[Key]]) -> CellFacts:
    """Unite the facts of a cell's statements."""
    own = {place.key: place for place in places}
    reads: set[str] = set()
    writes: set[str] = set()
    mutates: set[str] = set()
    uses: dict[str, set[Key]] = {}
    for place in places:
        seen = place.record
        if seen is None:
            continue
        for name, (_, producers, _) in seen.uses.items():
            uses.setdefault(name, set()).update(producers)
            if any(_enters(name, each, own, versions) for each in producers):
                reads.add(name)
        mutates.update(name for name in seen.mutates if name not in writes)
        writes.update(seen.binds)
        writes.difference_update(seen.deletes)
    return CellFacts(
        reads=_shown(reads),
        writes=_shown(writes),
        mutates=_shown(mutates - writes),
        uses=tuple(
            Read(name=name, producers=tuple(dict.fromkeys(all_places[key][1].cell.id for key in sorted(uses[name]))))
            for name in _shown(uses)
        ),
    )


def _shown(names: set[str] | dict[str, set[Key]]) -> tuple[str, ...]:
    return tuple(sorted(name for name in names if not is_state(name)))


def _enters(name: str, version: Key, own: Mapping[Key, Place], versions: Mapping[str, Sequence[Key]]) -> bool:
    """Tell whether a version of a name comes from another cell, perhaps changed in this one."""
    keys = versions.get(name, ())
    for at in range(bisect_right(keys, version) - 1, -1, -1):
        place = own.get(keys[at])
        if place is None:
            return True
        if place.record is not None and name in place.record.binds and place.record.binds[name][1]:
            return False
    return version not in own
