"""One request to one version, before traffic moves: it must answer, with as many rows as it was asked and with finite numbers."""

from __future__ import annotations

import json
import math
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EXAMPLE = "smoke.json"
"""The request kept beside an exported model, under ``assets.extra/``."""


class Smoke(NamedTuple):
    """What came of it; `reason` is one sentence, `answer` the body."""

    passed: bool
    reason: str
    answer: Any = None


def send_smoke_request(
    rest: str, model: str, version: int | str, instances: Sequence[Any], *, signature: str = "", timeout_seconds: float = 30.0
) -> Smoke:
    """Ask a version by its number, whatever the traffic's shares.

    Parameters
    ----------
    rest : str
        URL of a server that speaks TF Serving's REST, such as ``http://127.0.0.1:8501``.
    instances : list of rows
        As in the ``instances`` of a predict request; at least one.

    Raises
    ------
    ValueError
        If there is no row to ask.
    """
    if not instances:
        raise ValueError("a smoke request needs at least one row")
    body: dict[str, Any] = {"instances": list(instances)} | ({"signature_name": signature} if signature else {})
    url = f"{rest}/v1/models/{quote(model, safe='')}/versions/{int(version)}:predict"
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})  # noqa: S310 - the caller's server
    try:
        with urllib.request.urlopen(request, timeout=timeout_seconds) as response:  # noqa: S310 - as above
            answer: Mapping[str, Any] = json.load(response)
    except urllib.error.HTTPError as error:
        return Smoke(False, f"version {version} answered with status {error.code}: {_message(error.read())}")
    except (OSError, ValueError) as error:
        return Smoke(False, f"version {version} did not answer: {error}")
    return judge_answer(answer, len(instances), version)


def judge_answer(answer: Mapping[str, Any], rows: int, version: int | str) -> Smoke:
    """Look at an answer: one prediction a row, no NaN, no infinity."""
    predictions = answer.get("predictions")
    if not isinstance(predictions, list) or len(predictions) != rows:
        return Smoke(False, f"version {version} did not answer with {rows} predictions", answer)
    if not _finite(predictions):
        return Smoke(False, f"version {version} predicts NaN or infinity", answer)
    return Smoke(True, f"version {version} answered", answer)


def _finite(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(_finite, value))
    if isinstance(value, dict):
        return all(map(_finite, value.values()))
    return not isinstance(value, float) or math.isfinite(value)


def _message(body: bytes) -> str:
    try:
        return str(json.loads(body)["error"])
    except (ValueError, KeyError, TypeError):
        return "no message"
