"""An object in memory → the entity that it is, so that a verb can name what it was given: data that was read, a model that was logged.

Frames carry their origin themselves (``attrs``), and what is cut from them does too.
Models are remembered here for as long as they live: a process has no other way to know that the model that is registered is the one that was
tracked.
"""

from __future__ import annotations

import weakref
from typing import Any

from jupyter_mlops.provenance.entity import Entity

ORIGIN = "jupyter_mlops.origin"
"""The key in a frame's ``attrs``: name, uri, digest and version of the data that it was read from."""

_models: dict[int, tuple[weakref.ref[Any], Entity]] = {}


def remember(thing: object, entity: Entity) -> None:
    """Keep in mind which entity an object is, until the object is gone; what cannot be referred to weakly is not kept."""
    key = id(thing)
    try:
        _models[key] = weakref.ref(thing, lambda _: _models.pop(key, None)), entity
    except TypeError:
        return


def origin_of(thing: object) -> Entity | None:
    """Give the entity of an object, or of the data that a frame was read from; None when nothing is known."""
    attrs = getattr(thing, "attrs", None)
    origin = attrs.get(ORIGIN) if isinstance(attrs, dict) else None
    if origin:
        return Entity("dataset", str(origin["uri"]), str(origin["digest"]))
    known = _models.get(id(thing))
    return known[1] if known and known[0]() is thing else None


def origins_of(*things: object) -> tuple[Entity, ...]:
    """Give the entities that are known of some objects (or pairs of objects), each once, in order."""
    flat = [part for thing in things for part in (thing if isinstance(thing, tuple) else (thing,))]
    found = [each for each in map(origin_of, flat) if each is not None]
    return tuple({(each.kind, each.name, each.version): each for each in found}.values())
