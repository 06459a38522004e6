r"""KFP documents → what is wrong with them, before a cluster finds out.

The API server and the backend's compiler check little; most mistakes show only in the driver's log of a run that has begun.
`validate` reads plain data, so it judges anybody's documents.  The traps of the backend, and where each is met:

====  ==========================================  =====================================================================
trap  what happens                                rule here, or the test
====  ==========================================  =====================================================================
1     components with equal containers merge      ``container-collision``; the step's name is the first argument
2     Argo and the kubelet template arguments     ``argo-template``, ``kubernetes-expansion``, ``placeholder``
3     a workflow over 1 MiB fails                 ``runtime-size``, ``step-size``, ``component-size``, ``pipeline-size``
4     long parameters                             ``parameter-size``
5     the retry cap counts from the first start   ``retry-cap``
6     the cache key has code but not environment  the body is an argument: ``test_the_code_is_in_the_cache_key``
7     names                                       ``pipeline-name``, ``task-id``, ``component-name``, ``driver-name``
8     numbers are doubles, types are strict       ``type-mismatch``, ``inexact-number``
9     a default needs ``isOptional``              ``default-not-optional``
10    lightweight components install at run time  ``test_no_step_installs_anything``
11    placeholders inside parameters              ``argo-template`` and ``placeholder`` in defaults, which are escaped
12    a missing output parameter fails the step   the step runtime writes every one: ``tests/runtime``
13    only a list's first artifact has a path     steps read the JSON: ``test_a_step_reads_everything_from_the_executor_input``
14    all inputs are downloaded                   minimal ports: ``tests/lower``; ``disk:`` is a gap of the backend's table
15    metadata booleans become integers           the step runtime writes text only: ``tests/runtime``
16    fan-out over artifacts                      ``artifact-iterator``
17    a workspace needs access modes              ``workspace-access``
18    retries and metadata share templates        ``retry-incomplete``
19    logs go one hour after the end              submission reads them in time: ``tests/submit``
====  ==========================================  =====================================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.backends.kfp.validator.containers import check_containers
from nb2pipe.backends.kfp.validator.fields import check_fields
from nb2pipe.backends.kfp.validator.graph import check_graph
from nb2pipe.backends.kfp.validator.names import check_names
from nb2pipe.backends.kfp.validator.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nb2pipe.emit.yaml import Json

__all__ = ["Problem", "validate"]


def validate(documents: Sequence[Json]) -> tuple[Problem, ...]:
    """Find all problems of a pipeline's documents.

    Parameters
    ----------
    documents : sequence of plain data
        The PipelineSpec and, if there is one, the PlatformSpec.

    Returns
    -------
    tuple of Problem
        Sorted by path.  When a value has the wrong JSON type, only problems of that sort are looked for.

    Source
    ------
    kubeflow/pipelines 2.17: `api/v2alpha1/pipeline_spec.proto`, `kubernetes_platform/proto/kubernetes_executor_config.proto`,
    `backend/src/v2/driver/resolve.go`, `backend/src/v2/compiler/argocompiler`.
    """
    problems = check_fields(documents)
    if not any(problem.kind == "wrong-type" for problem in problems):
        spec, platform = documents[0], documents[1] if len(documents) > 1 else {}
        problems += check_names(spec)
        problems += check_graph(spec)
        problems += check_containers(spec, platform)
    return tuple(sorted(set(problems)))
