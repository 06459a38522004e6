"""A pipeline → the two KFP documents as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe._version import __version__
from nb2pipe.backends.base import seen_inside
from nb2pipe.backends.kfp.components import all_components, root_component
from nb2pipe.backends.kfp.executors import container_spec
from nb2pipe.backends.kfp.groups import Group, group_steps
from nb2pipe.backends.kfp.names import pipeline_id, step_ids
from nb2pipe.backends.kfp.pod import pod_spec
from nb2pipe.backends.kfp.wiring import Wiring
from nb2pipe.errors import InternalError

if TYPE_CHECKING:
    from collections.abc import Callable

    from nb2pipe.emit.yaml import Json
    from nb2pipe.ir.pipeline import Pipeline, Step

    Container = Callable[[Pipeline, Step], tuple[list[str], list[str]]]

SCHEMA_VERSION = "2.1.0"


def build_documents(pipeline: Pipeline, container: Container) -> list[dict[str, Json]]:
    """Build the PipelineSpec and, when a step needs Kubernetes settings, the PlatformSpec.

    Parameters
    ----------
    pipeline : Pipeline
        A verified pipeline.
    container : function
        Gives a step's command and arguments.

    Raises
    ------
    InternalError
        If a reference of the pipeline leads nowhere.
    """
    if not pipeline.steps:
        message = f"NB901 broken-invariant: pipeline {pipeline.name} has no steps"
        raise InternalError(message)
    name = pipeline_id(pipeline.name)
    root = group_steps(pipeline)
    wiring = Wiring(pipeline, root, step_ids((step.name for step in pipeline.steps), name))
    inputs = wiring.connect(root)
    steps = _leaves(root)
    executors: dict[str, Json] = {}
    pods: dict[str, Json] = {}
    for step in steps:
        label = f"exec-{wiring.ids[step.name]}"
        executors[label] = {"container": container_spec(step, *container(pipeline, seen_inside(step)))}
        pod = pod_spec(step)
        if pod:
            pods[label] = pod
    spec: dict[str, Json] = {
        "pipelineInfo": _info(pipeline, name),
        "root": root_component(pipeline, root, wiring, inputs),
        "components": all_components(root, wiring, inputs),
        "deploymentSpec": {"executors": executors},
        "schemaVersion": SCHEMA_VERSION,
        "sdkVersion": f"nb2pipe-{__version__}",
    }
    platform: dict[str, Json] = {"platforms": {"kubernetes": {"deploymentSpec": {"executors": pods}}}}
    return [spec, platform] if pods else [spec]


def _info(pipeline: Pipeline, name: str) -> dict[str, Json]:
    info: dict[str, Json] = {"name": name}
    if name != pipeline.name:
        info["displayName"] = pipeline.name
    if pipeline.description:
        info["description"] = pipeline.description
    return info


def _leaves(group: Group) -> list[Step]:
    steps: list[Step] = []
    for member in group.members:
        steps.extend(_leaves(member) if isinstance(member, Group) else [member])
    return steps
