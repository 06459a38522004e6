"""The user's names → ids that Kubernetes, Argo and the KFP SDK take.  The user's own spelling stays as the display name.

Rules come from kubeflow/pipelines: a pipeline's name is a label value and the stem of the workflow's name; a task's id is an Argo task name, and
the backend adds a task ``ID-driver`` beside each; the SDK takes a document for a single component when a component bears the pipeline's name.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from nb2pipe.backends.base import NamePolicy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

POLICY = NamePolicy(pipeline=r"[a-z0-9][a-z0-9-]{0,51}", step=r"[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?")
# A workflow's name is the pipeline's with a suffix (a scheduled one with two), and must be a label value of 63 characters.
_LONGEST_PIPELINE = 52
# An Argo task id may be long, but the id is part of pod names and labels with affixes of their own.
_LONGEST_TASK = 50
_LEGAL = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


def pipeline_id(name: str) -> str:
    """Turn a pipeline's name into one that the backend takes, the same name always into the same id.

    Examples
    --------
    >>> pipeline_id("Churn model (v2)")
    'churn-model-v2'
    """
    return _shorten(_dashed(name) or f"pipeline-{_digest(name)}", name, _LONGEST_PIPELINE)


def step_ids(names: Iterable[str], pipeline: str) -> Mapping[str, str]:
    """Give every step an id of its own.

    A name that is legal keeps its spelling.  Of several that become alike, the others get a digest of their own name, so that no step's id depends
    on where it stands in the notebook.

    Parameters
    ----------
    names : strings
        The steps' names, all different.
    pipeline : str
        The pipeline's id, which no component may bear.

    Examples
    --------
    >>> step_ids(["load_data", "train"], "churn")
    {'load_data': 'load-data', 'train': 'train'}
    """
    names = tuple(names)
    plain = {name: _shorten(_dashed(name) or "step", name, _LONGEST_TASK) for name in names}
    wanted = list(plain.values())
    exact = {name for name in names if plain[name] == name}
    ids = {}
    for name in names:
        own = plain[name]
        is_clash = wanted.count(own) > 1 and name not in exact
        is_driver = own.endswith("-driver") and own.removesuffix("-driver") in wanted
        is_group = own.startswith(("for-loop-", "condition-", "exit-handler-", "exit-steps-")) and own.rpartition("-")[2].isdigit()
        if is_clash or is_driver or is_group or own == pipeline or not _dashed(name):
            own = f"{own[: _LONGEST_TASK - 7]}-{_digest(name)}"
        ids[name] = own
    return ids


def _dashed(name: str) -> str:
    """Lower case, with one dash for every run of characters that are neither letters nor digits."""
    lower = "".join(character if character in _LEGAL else " " for character in name.lower())
    return "-".join(lower.split())


def _shorten(text: str, name: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 7].rstrip('-')}-{_digest(name)}"


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:6]
