"""Kubeflow Pipelines v2: the pipeline as IR YAML, written as data and checked before anybody sees it."""

from __future__ import annotations

import hashlib
from types import MappingProxyType
from typing import TYPE_CHECKING

from nb2pipe.backends.base import YES, Backend, Capability, NamePolicy, capability_gaps, never, not_yet
from nb2pipe.backends.kfp.checks import check_pipeline
from nb2pipe.backends.kfp.emitter import build_documents
from nb2pipe.backends.kfp.names import POLICY, pipeline_id
from nb2pipe.backends.kfp.validator import validate
from nb2pipe.emit.stepfiles import container as runtime_container
from nb2pipe.emit.yaml import dump_documents
from nb2pipe.errors import InternalError
from nb2pipe.ir.bundle import Bundle, GeneratedFile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nb2pipe.backends.base import Finding, Support
    from nb2pipe.backends.kfp.emitter import Container
    from nb2pipe.ir.pipeline import Pipeline

__all__ = ["BACKEND", "Kfp"]

_GAPS = {
    Capability.DISK: never("Kubeflow Pipelines has no field for ephemeral storage; mount a volume instead"),
    Capability.CACHE_EXPIRY: never("a Kubeflow cache entry has no age; switch the cache off, or make the date a parameter"),
    Capability.READ_ONLY_VOLUME: not_yet("https://github.com/kubeflow/pipelines: `PvcMount` has no `readOnly`"),
}


class Kfp:
    """The backend `kfp`.

    Parameters
    ----------
    container : function, optional
        Gives a step's command and arguments; the step runtime of this product when absent.
    """

    name = "kfp"
    capabilities: Mapping[Capability, Support] = MappingProxyType({capability: _GAPS.get(capability, YES) for capability in Capability})
    names: NamePolicy = POLICY

    def __init__(self, container: Container | None = None) -> None:
        self._container = container or runtime_container

    def check(self, pipeline: Pipeline) -> tuple[Finding, ...]:
        """Find what Kubeflow cannot carry out; `emit` succeeds when there is nothing."""
        return (*capability_gaps(self, pipeline), *check_pipeline(pipeline, self._container))

    def emit(self, pipeline: Pipeline) -> Bundle:
        """Write ``NAME.yaml``.

        Raises
        ------
        InternalError
            If our own validator finds a problem in the documents.
        """
        documents = build_documents(pipeline, self._container)
        # Over budget, a runtime still runs: `check` warns of it (NB705), and of a whole that is too large (NB704).
        problems = [problem for problem in validate(documents) if problem.kind != "runtime-size"]
        if problems:
            listed = "\n".join(f"  {problem.path}: {problem.message} ({problem.kind})" for problem in problems)
            raise InternalError(
                f"NB901 broken-invariant: the pipeline `{pipeline.name}` made a document that Kubeflow would not run\n{listed}"
            )
        text = dump_documents(documents)
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        # A control character in a file's name is nothing that a comment may hold.
        notebook = "".join(character if character.isprintable() else "?" for character in pipeline.notebook)
        path = f"{pipeline_id(pipeline.name)}.yaml"
        header = f"# Compiled by nb2pipe from {notebook}: edit the notebook, not this file.\n# Content sha256:{digest}\n"
        return Bundle(backend=self.name, files=(GeneratedFile(path=path, text=header + text),), entry=path)


BACKEND: Backend = Kfp()
