"""What a verb used and made → the text of an OpenLineage run event, with the `lineage` facet that says which output came from which input.

Without that facet a reader of OpenLineage joins every input of a run to every output. The text is put together from constant pieces,
because a dictionary of them and its encoding cost three times as much, and verbs are called in loops.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from hashlib import sha1
from typing import TYPE_CHECKING, Any

from jupyter_mlops.place import Place, here
from jupyter_mlops.provenance.entity import KINDS, OWN, Entity
from jupyter_mlops.provenance.journal import append, encoded, quoted
from jupyter_mlops.provenance.sources import keep_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PRODUCER = "urn:nb2pipe:jupyter-mlops"
_SPEC = "https://openlineage.io/spec/"
_HEAD = f'"producer":"{PRODUCER}","schemaURL":"{_SPEC}2-0-2/OpenLineage.json#/$defs/RunEvent"'
_VERSION = (
    f'"version":{{"_producer":"{PRODUCER}","_schemaURL":"{_SPEC}facets/1-0-1/DatasetVersionDatasetFacet.json#/$defs/'
    'DatasetVersionDatasetFacet","datasetVersion":'
)
_PARENT = f'"parent":{{"_producer":"{PRODUCER}","_schemaURL":"{_SPEC}facets/1-2-0/ParentRunFacet.json#/$defs/ParentRunFacet",'
_LINEAGE = f'"lineage":{{"_producer":"{PRODUCER}","_schemaURL":"{_SPEC}facets/1-0-0/LineageFacet.json#/$defs/LineageJobFacet","entries":['
_ERROR = (
    f'"errorMessage":{{"_producer":"{PRODUCER}","_schemaURL":"{_SPEC}facets/1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet",'
)
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
    append(lambda: verb_event(verb, tuple(inputs), tuple(outputs), facets or {}, here()))


def verb_event(verb: str, inputs: tuple[Entity, ...], outputs: tuple[Entity, ...], facets: Mapping[str, Any], place: Place) -> str:
    """Make the event of one call of a verb: a run of its own, whose parent is the step, the notebook or the program it is part of."""
    code, digest, count = keep_source(place)
    cell = (
        f'"notebook":{quoted(place.notebook)},"cell":{quoted(place.cell)},"step":{quoted(place.step)},"verb":{quoted(verb)},'
        f'"pipelineRun":{quoted(place.run)},"sourceDigest":"{digest}","executionCount":{count}'
    )
    return run_event(
        "COMPLETE",
        run_id=new_uuid(),
        job=f"{code or 'program'}.{verb}",
        inputs=inputs,
        outputs=outputs,
        run_facets=",".join([parent_of(place), *own_facets(facets)]),
        job_facets=own_facet("cell", cell),
    )


def run_event(
    event_type: str,
    *,
    run_id: str,
    job: str,
    inputs: tuple[Entity, ...] = (),
    outputs: tuple[Entity, ...] = (),
    run_facets: str = "",
    job_facets: str = "",
    at: str = "",
) -> str:
    """Put an OpenLineage run event together; facets are members of a JSON object, as `own_facet` makes them."""
    entries = [_entry(output, inputs) for output in outputs] or ([_sink(inputs)] if inputs else [])
    if entries:
        job_facets = f"{job_facets}{',' if job_facets else ''}{_LINEAGE}{','.join(entries)}]}}"
    return (
        f'{{"eventType":"{event_type}","eventTime":"{at or datetime.now(UTC).isoformat()}",{_HEAD},'
        f'"run":{{"runId":"{run_id}","facets":{{{run_facets}}}}},'
        f'"job":{{"namespace":"{OWN}","name":{quoted(job)},"facets":{{{job_facets}}}}},'
        f'"inputs":[{",".join([_dataset(entity) for entity in inputs])}],"outputs":[{",".join([_dataset(entity) for entity in outputs])}]}}'
    )


def own_facet(name: str, members: str) -> str:
    """Make one of our facets from the members of a JSON object; the schemas are in ``facets/``."""
    comma = "," if members else ""
    return (
        f'{quoted(f"{OWN}_{name}")}:{{"_producer":"{PRODUCER}","_schemaURL":{quoted(f"urn:nb2pipe:facet:{name}:1-0-0")}{comma}{members}}}'
    )


def own_facets(facets: Mapping[str, Any]) -> list[str]:
    """Make our facets from values; what is no object becomes ``{"value": …}``."""
    return [own_facet(name, encoded(value if isinstance(value, dict) else {"value": value})[1:-1]) for name, value in facets.items()]


def error_facet(message: str) -> str:
    """Say why a run failed (OpenLineage's own facet)."""
    return f'{_ERROR}"message":{quoted(message)},"programmingLanguage":"PYTHON"}}'


def parent_facet(run_id: str, job: str, root: tuple[str, str] | None = None) -> str:
    """Say what a run is part of; `root` is the run and the job at the top."""
    top = f',"root":{{"run":{{"runId":"{root[0]}"}},"job":{_job(root[1])}}}' if root else ""
    return f'{_PARENT}"run":{{"runId":"{run_id}"}},"job":{_job(job)}{top}}}'


def parent_of(place: Place) -> str:
    """Say what a call is part of: a step of a pipeline's run, or this process."""
    if not place.run:
        return parent_facet(_as_uuid(_PROCESS, 4), place.notebook or "program")
    label = os.environ.get("NB2PIPE_STEP") or place.step
    root = (named_uuid(place.run), place.notebook or "pipeline")
    return parent_facet(named_uuid(f"{place.run}/{label}"), f"{root[1]}.{label}", root) if label else parent_facet(*root)


def named_uuid(name: str) -> str:
    """Give the id that everybody gives to a run of this name (a UUID of version 5 without the cost of importing `uuid`)."""
    return _as_uuid(sha1(b"urn:nb2pipe:run:" + name.encode(), usedforsecurity=False).hexdigest()[:32], 5)


def new_uuid() -> str:
    """Give a new random id (a UUID of version 4)."""
    return _as_uuid(os.urandom(16).hex(), 4)


def _as_uuid(digits: str, version: int) -> str:
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-{version}{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


def _job(name: str) -> str:
    return f'{{"namespace":"{OWN}","name":{quoted(name)}}}'


def _dataset(entity: Entity) -> str:
    if entity.kind not in KINDS:
        raise ValueError(f"an entity of lineage is one of {', '.join(KINDS)}, not `{entity.kind}`")
    facets = own_facets(entity.facets)
    if entity.version:
        facets.append(f"{_VERSION}{quoted(str(entity.version))}}}")
    return f'{{{_source(entity)},"facets":{{{",".join(facets)}}}}}'


def _entry(output: Entity, inputs: tuple[Entity, ...]) -> str:
    sources = inputs if output.made_from is None else output.made_from
    return f'{{"type":"DATASET",{_source(output)},"inputs":[{_typed(sources)}]}}'


def _sink(inputs: tuple[Entity, ...]) -> str:
    """A call that makes nothing reads all the same."""
    return f'{{"type":"JOB","inputs":[{_typed(inputs)}]}}'


def _typed(sources: tuple[Entity, ...]) -> str:
    return ",".join([f'{{"type":"DATASET",{_source(source)}}}' for source in sources])


def _source(entity: Entity) -> str:
    namespace, name = entity.address()
    return f'"namespace":{quoted(namespace)},"name":{quoted(name)}'
