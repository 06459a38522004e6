"""Options → a running model server: the database followed, REST and gRPC answered, until it is told to stop."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import EnvironmentProblem, need
from jupyter_mlops.serving.rollout.store import Store
from jupyter_mlops.serving.server.configuration import Configuration, ModelConfig
from jupyter_mlops.serving.server.core import Core
from jupyter_mlops.serving.server.evidence import EvidenceCounter
from jupyter_mlops.serving.server.follow import Follower
from jupyter_mlops.serving.server.prediction_log import Logging, PredictionLogs
from jupyter_mlops.serving.server.rest import Rest
from jupyter_mlops.serving.server.shadow import Shadows
from jupyter_mlops.serving.server.versions import VersionTable

if TYPE_CHECKING:
    from pathlib import Path

    from jupyter_mlops.serving.server.batching import Batching

ADDRESS = "server.json"
"""Where a running server says which ports it has, under ``HOME/serving/``."""


@dataclass(frozen=True)
class Options:
    """How a server runs. A port of 0 is any free one; a `grpc_port` of None is no gRPC. `models` are base paths of models without a rollout."""

    home: Path
    rest_port: int = 8501
    grpc_port: int | None = 8500
    host: str = "127.0.0.1"
    threads: int = 8
    batching: Batching | None = None
    logging: Logging | None = field(default_factory=Logging)
    models: tuple[tuple[str, ModelConfig], ...] = ()


class ModelServer:
    """All parts of one server; `run` blocks until a signal."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._folder = options.home / "serving"
        self._store = Store(self._folder / "serving.db")
        configuration = Configuration(self._store)
        if options.models:
            configuration.add(options.models)
        versions = VersionTable(options.batching)
        self._evidence = EvidenceCounter(self._store)
        logs = options.home / "monitoring" / "predictions"
        self._log = PredictionLogs(logs, options.logging) if options.logging is not None and options.logging.rate > 0 else None
        self.core = Core(versions, self._evidence, self._log, Shadows(versions, self._evidence))
        self._follower = Follower(self.core, self._store, configuration)
        self._configuration = configuration
        self._pool = ThreadPoolExecutor(options.threads, "answer")

    def run(self) -> None:
        """Load, say where we are, answer until SIGTERM or SIGINT; then answer what is under way and write what is in memory."""
        sys.setswitchinterval(0.0005)  # a thread that counts or writes must not hold an answer up for Python's usual 5 ms
        uvicorn = need("uvicorn", "serve")
        listening = _listen(self._options.host, self._options.rest_port)
        self._follower.start()
        rpc = self._start_rpc()
        self._write_address(listening.getsockname()[1], rpc)
        settings = uvicorn.Config(
            Rest(self.core, self._pool).application, log_level="warning", access_log=False, lifespan="off", timeout_keep_alive=120
        )
        for number in (signal.SIGTERM, signal.SIGINT):  # uvicorn raises the signal again when it is done; `finally` must still run
            signal.signal(number, lambda *_: sys.exit(0))
        try:
            uvicorn.Server(settings).run(sockets=[listening])
        finally:
            self._close(rpc)

    def _start_rpc(self) -> Any:
        if self._options.grpc_port is None:
            return None
        from jupyter_mlops.serving.server.rpc import start

        return start(self.core, self._configuration, self._follower, self._options.host, self._options.grpc_port, self._options.threads)

    def _write_address(self, rest_port: int, rpc: Any) -> None:
        address = {
            "pid": os.getpid(),
            "rest": f"http://{self._options.host}:{rest_port}",
            "grpc": f"{self._options.host}:{rpc.port}" if rpc else "",
        }
        partial = self._folder / f"{ADDRESS}.{os.getpid()}.partial"
        partial.write_text(json.dumps(address), encoding="utf-8")
        partial.replace(self._folder / ADDRESS)

    def _close(self, rpc: Any) -> None:
        address = self._folder / ADDRESS
        try:
            if json.loads(address.read_text(encoding="utf-8"))["pid"] == os.getpid():
                address.unlink()
        except FileNotFoundError:
            pass
        if rpc is not None:
            rpc.stop()
        self._pool.shutdown()
        self._follower.close()
        self._evidence.close()
        if self._log is not None:
            self._log.close()
        self._configuration.close()
        self._store.close()


def _listen(host: str, port: int) -> socket.socket:
    # The protocol is named because asyncio switches Nagle's delay (40 ms an answer) off only where it can see that this is TCP.
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise EnvironmentProblem(
            f"port {port} cannot be listened at: {error.strerror}", hint="choose another with `--rest-port`, or 0"
        ) from None
    listening.listen(1024)
    return listening
