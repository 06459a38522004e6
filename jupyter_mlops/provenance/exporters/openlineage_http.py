"""The journal → an OpenLineage backend such as Marquez, event by event, from where the last export ended.

An event is sent again until the backend has answered that it took it; so after a kill the last one may arrive twice, which OpenLineage allows.
"""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jupyter_mlops.errors import EnvironmentProblem
from jupyter_mlops.provenance.entity import OWN
from jupyter_mlops.provenance.journal import journal
from jupyter_mlops.provenance.secrecy import redacted

if TYPE_CHECKING:
    from pathlib import Path

_TYPE_URL = "https://openlineage.io/spec/facets/1-0-1/DatasetTypeDatasetFacet.json#/$defs/DatasetTypeDatasetFacet"
_LONGEST_WAIT_SECONDS = 30.0


def export(
    *,
    url: str,
    token: str = "",
    home_folder: Path | None = None,
    attempts: int = 5,
    backoff_seconds: float = 0.5,
    timeout_seconds: float = 10.0,
) -> dict[str, int]:
    """Send the events that this backend has not got yet.

    Parameters
    ----------
    url : str
        The endpoint, such as ``http://localhost:5000/api/v1/lineage``; ``http`` or ``https``.
    token : str
        Sent as a bearer token; it is kept nowhere.
    home_folder : Path, optional
        Whose journal; default: this project's.
    attempts : int
        How often an event is tried when the backend cannot be reached or answers 429 or 5xx.
    backoff_seconds, timeout_seconds : float
        The wait before the second attempt, doubled each time; how long one attempt may take.

    Returns
    -------
    dict
        ``sent``, and ``refused``: events that the backend answered with another 4xx; they are passed over.

    Raises
    ------
    ValueError
        If `url` is not one of HTTP.
    EnvironmentProblem
        If the backend does not take an event after all attempts; the next export goes on with that event.
    """
    if urlsplit(url).scheme not in {"http", "https"}:
        raise ValueError(f"an OpenLineage backend is reached by `http://` or `https://`, not `{redacted(url)}`")
    events = journal(home_folder)
    count = {"sent": 0, "refused": 0}
    if not events.exists():
        return count
    mark = events.with_name(f"exported-{sha256(url.encode()).hexdigest()[:16]}")
    with events.open("rb") as file:
        file.seek(_position(mark, events.stat().st_size))
        while (line := file.readline()).endswith(b"\n"):
            body = enriched(line)
            if body is not None:
                taken = _send(url, token, body, attempts, backoff_seconds, timeout_seconds)
                count["sent" if taken else "refused"] += 1
            _keep(mark, file.tell())
    return count


def enriched(line: bytes) -> bytes | None:
    """Say the type of each of our things in OpenLineage's own facet; None for a broken line."""
    try:
        event = json.loads(line)
        for dataset in (*event["inputs"], *event["outputs"]):
            own, _, kind = dataset["namespace"].partition(":")
            if own == OWN and kind:
                facet = {"_producer": event["producer"], "_schemaURL": _TYPE_URL, "datasetType": kind.upper()}
                dataset.setdefault("facets", {})["datasetType"] = facet
    except (ValueError, KeyError, TypeError):
        return None
    return json.dumps(event, separators=(",", ":")).encode("ascii")


def _send(url: str, token: str, body: bytes, attempts: int, backoff: float, timeout: float) -> bool:
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    said: Any = ""
    for attempt in range(attempts):
        if attempt:
            time.sleep(min(backoff * 2 ** (attempt - 1), _LONGEST_WAIT_SECONDS))
        request = urllib.request.Request(url, body, headers, method="POST")  # noqa: S310 - the scheme was checked
        try:
            with urllib.request.urlopen(request, timeout=timeout):  # noqa: S310
                return True
        except urllib.error.HTTPError as error:
            if error.code not in {401, 403, 404, 429} and error.code < 500:
                return False
            said = f"status {error.code}"
            if error.code in {401, 403, 404}:
                break  # the address or the token is wrong: no event would be taken
        except OSError as error:
            said = error
    raise EnvironmentProblem(
        f"`{redacted(url)}` takes no lineage: {said}",
        hint="start the backend, or correct the address or the token; the next export goes on here",
    )


def _position(mark: Path, size: int) -> int:
    """Where the last export ended; a journal that is shorter is another one."""
    try:
        position = int(mark.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0
    return position if position <= size else 0


def _keep(mark: Path, position: int) -> None:
    partial = mark.with_name(f"{mark.name}.{os.getpid()}")
    partial.write_text(str(position), encoding="ascii")
    partial.replace(mark)
