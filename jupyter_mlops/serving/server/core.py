"""One request, from whichever protocol → routed, answered, counted, logged, copied to versions in shadow."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from jupyter_mlops.serving.server.routing import Router, Shares
from jupyter_mlops.serving.server.status import Code, Refused, wrong

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jupyter_mlops.serving.server.evidence import EvidenceCounter
    from jupyter_mlops.serving.server.prediction_log import PredictionLogs
    from jupyter_mlops.serving.server.shadow import Shadows
    from jupyter_mlops.serving.server.signature import Servable
    from jupyter_mlops.serving.server.versions import VersionTable


HTTP_SERVER_ERROR = 500


class Asked(NamedTuple):
    """Which model is asked. Without `version` and `label` the traffic's shares decide; `key` keeps one user or session with one version."""

    model: str
    version: int | None = None
    label: str | None = None
    key: str | None = None
    request_id: str = ""


class Table(NamedTuple):
    """Where a model's requests go now. It is replaced as a whole, so that a request sees one state of a rollout and never half of two."""

    router: Router
    labels: Mapping[str, int]
    latest: int | None = None


class Answer(NamedTuple):
    """What one version answered. `body` is in the caller's form, `inputs` and `outputs` are arrays for logs and counts.

    With `examples`, the inputs are serialized ``tf.Example``s.
    """

    body: Any
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    signature: str = ""
    examples: bool = False


class Answered(NamedTuple):
    """An answer, and who gave it."""

    body: Any
    version: int
    request_id: str


class Core:
    """What REST and gRPC share. Called from many threads at once."""

    def __init__(
        self,
        versions: VersionTable,
        evidence: EvidenceCounter | None = None,
        log: PredictionLogs | None = None,
        shadows: Shadows | None = None,
    ) -> None:
        self.versions = versions
        self.tables: dict[str, Table] = {}
        self._evidence = evidence
        self._log = log
        self._shadows = shadows

    def answer(self, asked: Asked, work: Callable[[Servable, int], Answer]) -> Answered:
        """Let the right version do `work`.

        Parameters
        ----------
        asked : Asked
            Which model, and which version of it.
        work : callable
            Parses the request for the version it gets, runs it, writes the answer.

        Raises
        ------
        Refused
            If there is no such version, or `work` raises it.
        """
        started = time.perf_counter()
        request_id = asked.request_id or secrets.token_hex(8)
        routed = asked.version is None and asked.label is None
        for _ in range(3):
            version = self.resolve(asked)
            try:
                with self.versions.use(asked.model, version) as servable:
                    answer = self._run(asked.model, version, servable, work, started, routed)
                break
            except Refused as error:
                # Unloaded between the choice and the use: traffic has moved already, so the next choice is another version.
                if not routed or error.code is not Code.NOT_FOUND:
                    raise
                gone = error
        else:
            raise gone
        microseconds = (time.perf_counter() - started) * 1e6
        if self._log is not None:
            self._log.add(asked.model, version, request_id, microseconds, answer)
        if routed and self._shadows is not None and answer.inputs:
            self._copy(asked.model, answer)
        return Answered(answer.body, version, request_id)

    def resolve(self, asked: Asked) -> int:
        """Name the version that is to answer."""
        if not asked.model:
            raise wrong("ModelSpec has no name specified.")
        if asked.version is not None:
            return asked.version
        table = self.tables.get(asked.model)
        if asked.label is not None:
            if table is None or asked.label not in table.labels:
                raise wrong(f"Unrecognized servable version label: {asked.label}")
            return table.labels[asked.label]
        version = None if table is None else table.router.choose(asked.key)
        if version is None and table is not None:
            version = table.latest
        if version is None:
            raise Refused(Code.NOT_FOUND, f"Servable not found for request: Latest({asked.model})")
        entry = self.versions.find(asked.model, version)
        if entry is None or entry.state != "AVAILABLE":
            version = self._instead(asked.model, version)
        return version

    def shares(self, model: str) -> Shares:
        """Say how a model's requests are shared now."""
        table = self.tables.get(model)
        return table.router.shares if table else Shares()

    def log_dropped(self) -> int:
        """Count the rows that the prediction log could not keep."""
        return 0 if self._log is None else self._log.dropped

    def _instead(self, model: str, missing: int) -> int:
        """Another version answers for one that has traffic and cannot be loaded; that counts against the missing one."""
        if self._evidence is not None:
            self._evidence.failed(model, missing, 1)
        table = self.tables[model]
        available = set(self.versions.available(model))
        others = [version for version, _ in table.router.shares.answering if version in available]
        if not others:
            raise Refused(Code.UNAVAILABLE, f"no version of {model} that has traffic is available")
        return others[-1]  # the oldest: in a rollout, the stable one

    def _run(
        self, model: str, version: int, servable: Servable, work: Callable[[Servable, int], Answer], started: float, routed: bool
    ) -> Answer:
        try:
            answer = work(servable, version)
        except Refused as error:
            if routed and self._evidence is not None and error.model_failed and not self._asked_wrong(model, version, error, work):
                self._evidence.failed(model, version, (time.perf_counter() - started) * 1e6)
            raise
        if routed and self._evidence is not None:
            self._evidence.answered(model, version, (time.perf_counter() - started) * 1e6, answer.outputs)
        return answer

    def _asked_wrong(self, model: str, version: int, error: Refused, work: Callable[[Servable, int], Answer]) -> bool:
        """Say whether the request is at fault and not the model, where the model says so (a 4xx): then every other version refuses it too."""
        if error.code.http >= HTTP_SERVER_ERROR:
            return False
        for other in self.versions.available(model):
            if other == version or other in {shadow for shadow, _ in self.shares(model).shadows}:
                continue
            try:
                with self.versions.use(model, other) as servable:
                    work(servable, other)
            except Refused as second:
                return second.code.http < HTTP_SERVER_ERROR
            return False
        return True

    def _copy(self, model: str, answer: Answer) -> None:
        table = self.tables.get(model)
        if table is not None and self._shadows is not None:
            for version in table.router.copies():
                self._shadows.submit(model, version, answer)
