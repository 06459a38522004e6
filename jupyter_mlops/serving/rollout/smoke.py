"""A version on the local server → whether it loads, and answers one request with finite numbers: the request that was kept with it, or zeros."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from jupyter_mlops.serving.rollout.controller import SmokeResult
from jupyter_mlops.serving.smoke import EXAMPLE, send_smoke_request

if TYPE_CHECKING:
    from jupyter_mlops.serving.rollout.store import Version

SECONDS = 30.0


class LocalSmoke:
    """Asks the server whose address is in ``HOME/serving/server.json``."""

    def __init__(self, home: Path) -> None:
        self._address = home / "serving" / "server.json"

    def __call__(self, model: str, version: Version) -> SmokeResult:
        """Ask; `passed` is None while there is no server or the version is being loaded."""
        try:
            rest = json.loads(self._address.read_text(encoding="utf-8"))["rest"]
            url = f"{rest}/v1/models/{model}/versions/{version.version}"
            status = _fetch(url)["model_version_status"][0]
            if status["state"] != "AVAILABLE":
                failed = status["state"] == "END" and status["status"].get("error_code", "OK") != "OK"
                return SmokeResult(False if failed else None, {"status": status})
            kept = Path(version.source) / "assets.extra" / EXAMPLE
            if not kept.is_file():
                return _ask(url)
            rows = json.loads(kept.read_text(encoding="utf-8"))["instances"]
            smoke = send_smoke_request(rest, model, version.version, rows, timeout_seconds=SECONDS)
            return SmokeResult(smoke.passed, {"rows": len(rows), "said": smoke.reason})
        except (FileNotFoundError, URLError, TimeoutError, ConnectionError) as error:
            if isinstance(error, HTTPError) and error.code != 404:
                return SmokeResult(False, {"status": error.code, "answer": error.read().decode(errors="replace")[:500]})
            return SmokeResult(None)


def zeros(metadata: dict[str, Any]) -> dict[str, Any] | None:
    """Make one row of zeros that fits the default signature of ``:metadata``; None if it wants text or has none."""
    signatures = metadata["metadata"]["signature_def"]["signature_def"]
    inputs = signatures.get("serving_default", {}).get("inputs", {})
    if not inputs or any(one["dtype"] == "DT_STRING" for one in inputs.values()):
        return None
    rows: dict[str, Any] = {}
    for name, one in inputs.items():
        value: Any = False if one["dtype"] == "DT_BOOL" else 0 if "INT" in one["dtype"] else 0.0
        for dimension in reversed(one["tensor_shape"].get("dim", [])):
            value = [value] * max(int(dimension["size"]), 1)
        rows[name] = value
    return rows


def _ask(url: str) -> SmokeResult:
    rows = zeros(_fetch(f"{url}/metadata"))
    if rows is None:  # text could be anything; that it loads and takes its warm-up requests is what can be said
        return SmokeResult(True, {"loaded": True})
    answer = _fetch(f"{url}:predict", {"inputs": rows})
    finite = all(math.isfinite(value) for value in _numbers(answer.get("outputs")))
    return SmokeResult(finite, {"request": {"inputs": rows}, "answer": json.dumps(answer)[:500]})


def _numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [number for each in value for number in _numbers(each)]
    return [value] if isinstance(value, float) else []


def _fetch(url: str, body: Any = None) -> dict[str, Any]:
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(url, data), timeout=SECONDS) as answer:  # noqa: S310 - our own server's address
        document: dict[str, Any] = json.load(answer)
    return document
