"""Records of a cell's statements → what the editor shows of the cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.analysis.summary import unite
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
    own = {place.key: place.record for place in places if place.record is not None}
    uses: dict[str, set[Key]] = {}
    for seen in own.values():
        for name, (_, producers, _) in seen.uses.items():
            uses.setdefault(name, set()).update(producers)
    facts = unite(own, versions)
    return CellFacts(
        reads=tuple(facts.reads),
        writes=tuple(facts.writes),
        mutates=tuple(facts.mutates),
        uses=tuple(
            Read(name=name, producers=tuple(dict.fromkeys(all_places[key][1].cell.id for key in sorted(uses[name]))))
            for name in sorted(uses)
            if not is_state(name)
        ),
    )
