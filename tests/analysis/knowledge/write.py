"""Observations → the files of facts: one line for each owner and effect, everything sorted."""

from __future__ import annotations

import importlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.probe import Probe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from knowledge.probe import Observed
    from knowledge.sample import Family

FACTS = Path(__file__).resolve().parents[3] / "compiler" / "nb2pipe" / "analysis" / "knowledge" / "facts"
UNPROBED = frozenset(("unprobed",))
ALIKE = 3


def is_installed(family: Family) -> bool:
    """Tell whether a family can be probed here."""
    try:
        importlib.import_module(family.library)
    except ImportError:
        return False
    return True


def observe(family: Family) -> list[tuple[str, Observed]]:
    """Probe all samples of a family."""
    count: dict[str, int] = {}
    found = []
    for sample in family.samples:
        number = count[sample.owner] = count.get(sample.owner, -1) + 1
        found += [(sample.owner, replace(each, sample=number)) for each in Probe(sample).run()]
    return found


def effects_by_name(observed: Iterable[tuple[str, Observed]]) -> dict[str, dict[str, frozenset[str]]]:
    """Return owner → name → effects; what several calls of one name did is taken together."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    for owner, each in observed:
        names = found.setdefault(owner, {})
        known = names.get(each.name, frozenset()) - UNPROBED
        names[each.name] = known | (each.effects - UNPROBED if known else each.effects)
    return {owner: _without_equal(names) for owner, names in found.items()}


def _without_equal(names: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Keep a row of its own for the call without arguments only where it does something else."""
    kept = {name: effects for name, effects in names.items() if not name.endswith("()")}
    for name, effects in names.items():
        if name.endswith("()"):
            plain = kept.setdefault(name[:-2], effects)
            if plain in (UNPROBED, effects):
                kept[name[:-2]] = effects
            else:
                kept[name] = effects
    return kept


def with_generic(found: dict[str, dict[str, frozenset[str]]], start: str) -> dict[str, dict[str, frozenset[str]]]:
    """Take together what most types below a path agree on, as ``start*``; their own rows keep what differs."""
    types = [owner for owner in found if owner.startswith(start) and owner.rpartition(".")[2][:1].isupper()]
    generic: dict[str, frozenset[str]] = {}
    for name in sorted({name for owner in types for name in found[owner]}):
        seen = [found[owner][name] for owner in types if name in found[owner] and found[owner][name] != UNPROBED]
        if len(seen) >= ALIKE:
            generic[name] = frozenset(each for each in frozenset().union(*seen) if sum(each in one for one in seen) * 2 > len(seen))
    own = {
        owner: {name: effects for name, effects in names.items() if owner not in types or effects != generic.get(name)}
        for owner, names in found.items()
    }
    return {**own, f"{start}*": generic}


def lines(family: Family, observed: Iterable[tuple[str, Observed]]) -> list[str]:
    """Print observations."""
    found = effects_by_name(observed)
    if family.generic:
        found = with_generic(found, family.generic)
    by_effect: dict[tuple[str, str], list[str]] = {}
    for owner, names in found.items():
        for name, effects in names.items():
            for effect in effects:
                by_effect.setdefault((owner, effect), []).append(name)
    return [f"{owner} {effect}: {' '.join(sorted(names))}" for (owner, effect), names in sorted(by_effect.items())]


def release(family: Family) -> str:
    """Return the version of the library, or of the language."""
    library = importlib.import_module(family.library)
    return f"{family.library} {getattr(library, '__version__', '')}".strip()


def text_of(family: Family, observed: Iterable[tuple[str, Observed]]) -> str:
    """Return the text of a family's file."""
    head = f"# From {release(family)} by `make knowledge`; tests/analysis/test_knowledge.py holds it against the library.\n"
    return head + "".join(f"{line}\n" for line in lines(family, observed))


def write(family: Family, name: str) -> None:
    """Write a family's file."""
    FACTS.mkdir(exist_ok=True)
    (FACTS / f"{name}.txt").write_text(text_of(family, observe(family)), encoding="utf-8")
