"""The accelerators that the cluster's nodes offer, asked in the background: a suggestion, so nobody ever waits for it and it may be missing."""

from __future__ import annotations

import logging
import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

LOG = logging.getLogger("jupyter_mlops")
FRESH_SECONDS = 300.0
RETRY_SECONDS = 15.0
"""After a question that failed: a cluster is away for as long as a laptop sleeps or a VPN starts."""

TIMEOUT_SECONDS = (2.0, 5.0)
"""To connect, and to answer."""

IN_CLUSTER = Path("/var/run/secrets/kubernetes.io/serviceaccount/token")


@dataclass
class Accelerators:
    """What is known of the cluster; asked again when it is old."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _known: tuple[str, ...] = ()
    _ask_again: float = 0.0

    def known(self) -> tuple[str, ...]:
        """Return the resources known so far, and let them be asked for when they are not known or old."""
        with self._lock:
            now = time.monotonic()
            if now >= self._ask_again and reachable():
                self._ask_again = now + FRESH_SECONDS
                threading.Thread(target=self._ask, name="jupyter-mlops-accelerators", daemon=True).start()
            return self._known

    def _ask(self) -> None:
        try:
            found = ask_cluster()
        except Exception as error:  # a client of a cluster fails in any way, and the form is as good without it
            LOG.info("the cluster's accelerators are not known: %s", error)
            with self._lock:
                self._ask_again = time.monotonic() + RETRY_SECONDS
            return
        with self._lock:
            self._known = found


def reachable() -> bool:
    """Tell whether there is anything to ask: a client, and a place that says where the cluster is."""
    from importlib.util import find_spec

    configured = os.environ.get("KUBECONFIG", str(Path.home() / ".kube" / "config")).split(os.pathsep)
    return find_spec("kubernetes") is not None and (IN_CLUSTER.exists() or any(Path(each).is_file() for each in configured if each))


def ask_cluster() -> tuple[str, ...]:
    """List the extended resources that nodes can give, most of them first.

    Raises
    ------
    Exception
        Whatever the client of the cluster raises.
    """
    from kubernetes import client, config

    if IN_CLUSTER.exists():
        config.load_incluster_config()
    else:
        config.load_kube_config(config_file=os.environ.get("KUBECONFIG"))  # as it is now: the client reads it when it is imported
    with client.ApiClient() as api:
        api.configuration.retries = False
        nodes = client.CoreV1Api(api).list_node(limit=500, _request_timeout=TIMEOUT_SECONDS).items
    counts: dict[str, int] = {}
    for node in nodes:
        for resource, count in (node.status.allocatable or {}).items():
            if "/" in resource and count.isdigit() and int(count):
                counts[resource] = counts.get(resource, 0) + int(count)
    return tuple(sorted(counts, key=lambda resource: (-counts[resource], resource)))
