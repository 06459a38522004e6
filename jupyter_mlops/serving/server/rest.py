"""HTTP → TF Serving's REST interface: predict, classify, regress, status, metadata, with its paths, bodies and status codes.

Beyond TF Serving: an answer names its version (``X-Model-Version``) and its request (``X-Request-Id``, taken from the request if there),
``X-Affinity-Key`` keeps a user with one version during a rollout, and ``/healthz`` says what is in force.

Source
------
TF Serving, model_servers/http_rest_api_handler.cc, http_rest_api_util.cc; "RESTful API"
"""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from jupyter_mlops.serving.server.core import Answer, Answered, Asked
from jupyter_mlops.serving.server.inference import classify, predict, regress
from jupyter_mlops.serving.server.json_request import read_body, read_inputs, signature_name
from jupyter_mlops.serving.server.json_response import write_error, write_outputs, write_results
from jupyter_mlops.serving.server.signature import DEFAULT, as_json
from jupyter_mlops.serving.server.status import Code, Refused, wrong

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from jupyter_mlops.serving.server.core import Core
    from jupyter_mlops.serving.server.signature import Servable
    from jupyter_mlops.serving.server.versions import Loaded

_CHOICE = r"(?:/versions/(?P<version>\d+)|/labels/(?P<label>[^/:]+))?"
_POST = re.compile(rf"/v1/models/(?P<model>[^/:]+){_CHOICE}:(?P<method>classify|regress|predict)", re.IGNORECASE)
_GET = re.compile(rf"/v1/models(?:/(?P<model>[^/:]+))?{_CHOICE}(?:/(?P<resource>metadata))?", re.IGNORECASE)
_JSON = "application/json"


class Rest:
    """The application (ASGI). Models run in `pool`, so that a slow one does not hold up the others."""

    def __init__(self, core: Core, pool: Executor) -> None:
        from starlette.applications import Starlette
        from starlette.routing import Route

        self._core = core
        self._pool = pool
        methods = ["GET", "POST", "PUT", "DELETE", "PATCH"]
        self.application = Starlette(
            routes=[
                Route("/healthz", self._health),
                Route("/v1/{rest:path}", self._v1, methods=methods),
                Route("/v1", self._v1, methods=methods),
            ],
            exception_handlers={Exception: _broken},
        )

    async def _v1(self, request: Any) -> Any:
        from starlette.responses import Response

        path = request.scope.get("raw_path", b"").decode("latin-1").partition("?")[0] or request.url.path
        headers: dict[str, str] = {}
        try:
            if request.method == "POST" and (match := _POST.fullmatch(path)):
                body = await request.body()
                asked = _asked(match, request.headers)
                answered = await asyncio.get_running_loop().run_in_executor(self._pool, self._answer, asked, match["method"].lower(), body)
                headers = {"X-Model-Version": str(answered.version), "X-Request-Id": answered.request_id}
                return Response(answered.body, media_type=_JSON, headers=headers)
            if request.method == "GET" and (match := _GET.fullmatch(path)):
                asked = _asked(match, request.headers)
                text = self._metadata(asked) if match["resource"] else self._status(asked)
                return Response(text, media_type=_JSON)
            raise wrong(f"Malformed request: {request.method} {path}")
        except Refused as error:
            return Response(write_error(error.message), status_code=error.code.http, media_type=_JSON, headers=headers)

    def _answer(self, asked: Asked, method: str, body: bytes) -> Answered:
        document = read_body(body)
        work = _predict if method == "predict" else _examples

        return self._core.answer(asked, lambda servable, _: work(servable, document, method))

    def _status(self, asked: Asked) -> str:
        if not asked.model:
            raise wrong("Missing model name in request.")
        found = model_status(self._core, asked)
        return json.dumps({"model_version_status": [_state(entry) for entry in found]}, indent=1, ensure_ascii=False) + "\n"

    def _metadata(self, asked: Asked) -> str:
        if not asked.model:
            raise wrong("Missing model name in request.")
        version = self._core.resolve(asked)
        with self._core.versions.use(asked.model, version) as servable:
            signatures = {name: as_json(signature) for name, signature in sorted(servable.signatures.items())}
        spec = {"name": asked.model, "signature_name": "", "version": str(version)}
        return json.dumps({"model_spec": spec, "metadata": {"signature_def": {"signature_def": signatures}}}, indent=1) + "\n"

    async def _health(self, _: Any) -> Any:
        from starlette.responses import JSONResponse

        models = {}
        for model in sorted(self._core.tables):
            shares = self._core.shares(model)
            models[model] = {
                "versions": {str(entry.version): entry.state for entry in self._core.versions.status(model)},
                "traffic": {str(version): share for version, share in shares.answering},
                "shadow": {str(version): share for version, share in shares.shadows},
                "labels": dict(self._core.tables[model].labels),
            }
        return JSONResponse({"status": "ok", "models": models, "prediction_log": {"dropped": self._core.log_dropped()}})


def model_status(core: Core, asked: Asked) -> list[Loaded]:
    """List the versions that are asked about.

    Raises
    ------
    Refused
        NOT_FOUND, if there is none.
    """
    if asked.label is not None:
        asked = asked._replace(version=core.resolve(asked))
    if asked.version is None:
        found = core.versions.status(asked.model)
        if not found:
            raise Refused(Code.NOT_FOUND, f"Could not find any versions of model {asked.model}")
        return found
    entry = core.versions.find(asked.model, asked.version)
    if entry is None:
        raise Refused(Code.NOT_FOUND, f"Could not find version {asked.version} of model {asked.model}")
    return [entry]


def _asked(match: re.Match[str], headers: Any) -> Asked:
    version = None
    if match["version"]:
        version = int(match["version"])
        if version >= 2**63:
            raise wrong(f"Failed to convert version: {match['version']} to numeric.")
    label = unquote(match["label"]) if match["label"] else None
    key, request_id = headers.get("x-affinity-key"), headers.get("x-request-id", "")[:128]
    return Asked(unquote(match["model"] or ""), version, label, key, "".join(filter(str.isprintable, request_id)))


def _predict(servable: Servable, document: dict[str, Any], _: str) -> Answer:
    name = signature_name(document)
    signature = servable.signatures.get(name)
    if signature is None:
        raise wrong(f'Serving signature name: "{name}" not found in signature def')
    if not signature.inputs:
        raise wrong(f"Failed to get input map for signature: {'DEFAULT' if name == DEFAULT else name}")
    inputs, rows = read_inputs(document, signature.inputs)
    outputs = predict(servable, name, inputs)
    return Answer(write_outputs(outputs, rows=rows), inputs, outputs, name)


def _examples(servable: Servable, document: dict[str, Any], method: str) -> Answer:
    from jupyter_mlops.serving.server.examples import read_examples

    name = signature_name(document)
    examples = read_examples(document)
    body, inputs, outputs = answer_examples(servable, name, examples, method)
    return Answer(body, inputs, outputs, name, examples=True)


def answer_examples(servable: Servable, name: str, examples: list[bytes], method: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Classify or regress: the JSON body, and arrays for logs and counts."""
    import numpy

    from jupyter_mlops.serving.server.json_response import write_float32

    given: Any = numpy.empty(len(examples), object)
    given[:] = examples
    if method == "regress":
        values = regress(servable, name, examples)
        return write_results([write_float32(value) for value in values]), {"inputs": given}, {"outputs": numpy.array(values, "float32")}
    rows = classify(servable, name, examples)
    texts = [f"[{', '.join(f'[{json.dumps(label.decode())}, {write_float32(score)}]' for label, score in row)}]" for row in rows]
    scores = numpy.array([[score for _, score in row] for row in rows], "float32")
    return write_results(texts), {"inputs": given}, {"scores": scores}


def _state(entry: Loaded) -> dict[str, Any]:
    status = {"error_code": entry.code.name, "error_message": entry.message}
    return {"version": str(entry.version), "state": entry.state, "status": status}


async def _broken(_: Any, error: Exception) -> Any:
    from starlette.responses import Response

    return Response(write_error(f"{type(error).__name__}: {error}"), status_code=500, media_type=_JSON)
