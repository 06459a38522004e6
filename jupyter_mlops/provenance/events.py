"""What a verb used and made → an OpenLineage run event, with the `lineage` facet that says which output came from which input.

Without that facet a reader of OpenLineage joins every input of a run to every output.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha1
from typing import Any

from jupyter_mlops.place import Place, here
from jupyter_mlops.provenance.entity import KINDS, OWN, Entity
from jupyter_mlops.provenance.journal import append
from jupyter_mlops.provenance.sources import keep_source

PRODUCER = "urn:nb2pipe:jupyter-mlops"
_SPEC = "https://openlineage.io/spec/"
SCHEMA_URL = f"{_SPEC}2-0-2/OpenLineage.json#/$defs/RunEvent"
LINEAGE_URL = f"{_SPEC}facets/1-0-0/LineageFacet.json#/$defs/LineageJobFacet"
_TYPE = {"_producer": PRODUCER, "_schemaURL": f"{_SPEC}facets/1-0-1/DatasetTypeDatasetFacet.json#/$defs/DatasetTypeDatasetFacet"}
_VERSION = {"_producer": PRODUCER, "_schemaURL": f"{_SPEC}facets/1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet"}
_PARENT = {"_producer": PRODUCER, "_schemaURL": f"{_SPEC}facets/1-2-0/ParentRunFacet.json#/$defs/ParentRunFacet"}
_PROCESS = os.urandom(16).hex()  # names this process as a run, where nothing else does


def record(verb: str, inputs: Iterable[Entity] = (), outputs: Iterable[Entity] = (), facets: Mapping[str, Any] | None = None) -> None:
    """Note what a verb used and made, and where it was called.

    Parameters
    ----------
    verb : str
        The verb's name.
    inputs, outputs : iterables of Entity
        What it used; what it made. An output was made from all inputs unless its `made_from` says less.
    facets : mapping, optional
        Facts about the call, JSON values by name: ``{"gate": {…}}``, ``{"parameters": {…}}``, ``{"metrics": {…}}``.

    Notes
    -----
    Never raises: what cannot be written is a warning, once.
    """
    place = here()
    event = verb_event(verb, tuple(inputs), tuple(outputs), facets or {}, place)
    append(event)


def verb_event(
    verb: str, inputs: tuple[Entity, ...], outputs: tuple[Entity, ...], facets: Mapping[str, Any], place: Place
) -> dict[str, Any]:
    """Make the event of one call of a verb: a run of its own, whose parent is the step, the notebook or the program it is part of."""
    code, digest, count = keep_source(place)
    cell: dict[str, Any] = {"notebook": place.notebook, "cell": place.cell, "step": place.step, "verb": verb, "pipelineRun": place.run}
    cell |= {"sourceDigest": digest, "executionCount": count}
    home_job = code or place.notebook or "program"
    return run_event(
        "COMPLETE",
        run_id=os_uuid(),
        job=f"{home_job}.{verb}",
        inputs=inputs,
        outputs=outputs,
        run_facets={"parent": parent_facet(place), **{_key(name): own_facet(name, value) for name, value in facets.items()}},
        job_facets={f"{OWN}_cell": own_facet("cell", cell)},
    )


def run_event(
    event_type: str,
    *,
    run_id: str,
    job: str,
    inputs: tuple[Entity, ...],
    outputs: tuple[Entity, ...],
    run_facets: dict[str, Any],
    job_facets: dict[str, Any],
    at: str = "",
) -> dict[str, Any]:
    """Put an OpenLineage run event together."""
    entries = [_entry(output, inputs) for output in outputs] or ([_sink(inputs)] if inputs else [])
    if entries:
        job_facets = {**job_facets, "lineage": {"_producer": PRODUCER, "_schemaURL": LINEAGE_URL, "entries": entries}}
    return {
        "eventType": event_type,
        "eventTime": at or datetime.now(UTC).isoformat(),
        "producer": PRODUCER,
        "schemaURL": SCHEMA_URL,
        "run": {"runId": run_id, "facets": run_facets},
        "job": {"namespace": OWN, "name": job, "facets": job_facets},
        "inputs": [_dataset(entity) for entity in inputs],
        "outputs": [_dataset(entity) for entity in outputs],
    }


def own_facet(name: str, value: Any) -> dict[str, Any]:
    """Make one of our facets; their schemas are in ``facets/``."""
    body = value if isinstance(value, Mapping) else {"value": value}
    return {"_producer": PRODUCER, "_schemaURL": f"urn:nb2pipe:facet:{name}:1-0-0", **body}


def parent_facet(place: Place) -> dict[str, Any]:
    """Say what the call is part of: its pipeline run's step, or this process."""
    if not place.run:
        name = place.notebook or "program"
        return {**_PARENT, "run": {"runId": _as_uuid(_PROCESS, 4)}, "job": {"namespace": OWN, "name": name}}
    label = os.environ.get("NB2PIPE_STEP") or place.step
    root = {"run": {"runId": named_uuid(place.run)}, "job": {"namespace": OWN, "name": place.notebook or "pipeline"}}
    if not label:
        return {**_PARENT, **root}
    step = {"run": {"runId": named_uuid(f"{place.run}/{label}")}, "job": {"namespace": OWN, "name": f"{place.notebook}.{label}"}}
    return {**_PARENT, **step, "root": root}


def named_uuid(name: str) -> str:
    """Give the id that everybody gives to a run of this name (a UUID of version 5 without the cost of importing `uuid`)."""
    return _as_uuid(sha1(b"urn:nb2pipe:run:" + name.encode(), usedforsecurity=False).hexdigest()[:32], 5)


def os_uuid() -> str:
    """Give a new random id (a UUID of version 4)."""
    return _as_uuid(os.urandom(16).hex(), 4)


def _as_uuid(digits: str, version: int) -> str:
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-{version}{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


def _dataset(entity: Entity) -> dict[str, Any]:
    if entity.kind not in KINDS:
        raise ValueError(f"an entity of lineage is one of {', '.join(KINDS)}, not `{entity.kind}`")
    namespace, name = entity.address()
    facets: dict[str, Any] = {"datasetType": {**_TYPE, "datasetType": entity.kind.upper()}}
    if entity.version:
        facets["version"] = {**_VERSION, "datasetVersion": str(entity.version)}
    for key, value in entity.facets.items():
        facets[_key(key)] = own_facet(key, value)
    return {"namespace": namespace, "name": name, "facets": facets}


def _entry(output: Entity, inputs: tuple[Entity, ...]) -> dict[str, Any]:
    namespace, name = output.address()
    sources = inputs if output.made_from is None else output.made_from
    return {"type": "DATASET", "namespace": namespace, "name": name, "inputs": [_source(source) for source in sources]}


def _sink(inputs: tuple[Entity, ...]) -> dict[str, Any]:
    """A call that makes nothing reads all the same."""
    return {"type": "JOB", "inputs": [_source(source) for source in inputs]}


def _source(entity: Entity) -> dict[str, str]:
    namespace, name = entity.address()
    return {"type": "DATASET", "namespace": namespace, "name": name}


def _key(name: str) -> str:
    return f"{OWN}_{name}"
