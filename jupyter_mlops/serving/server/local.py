"""A model server beside a notebook or a test: started as a process of its own, found by its address file, stopped with the block."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import EnvironmentProblem
from jupyter_mlops.place import home as default_home

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

START_SECONDS = 180.0
"""How long a start may take: TensorFlow alone takes seconds, and a loaded machine many times that."""


class LocalServer:
    """A running server: `rest` is its URL, `grpc` its address ("" without gRPC), `pid` its process."""

    def __init__(self, process: subprocess.Popen[bytes], rest: str, grpc: str) -> None:
        self._process = process
        self.rest = rest
        self.grpc = grpc

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def stop(self) -> None:
        """Let it answer what is under way, write what it holds in memory, and end."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        self._process.wait()

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait()


def start(
    home: str | Path | None = None,
    *,
    rest_port: int = 0,
    grpc_port: int | None = 0,
    options: Sequence[str] = (),
    log: str | Path | None = None,
) -> LocalServer:
    """Start a server and wait until it answers.

    Parameters
    ----------
    home : folder
        Whose ``serving/serving.db`` it follows; that of the verbs if not given.
    rest_port, grpc_port : int
        0 is any free port; a `grpc_port` of None is no gRPC.
    options : list of str
        More of its command line, such as ``["--max-batch-size", "32"]``.
    log : path
        Where its standard error goes; ``HOME/serving/server.log`` if not given.

    Raises
    ------
    EnvironmentProblem
        If it ends before it answers, with the last line that it wrote.
    """
    folder = Path(home) if home is not None else default_home()
    (folder / "serving").mkdir(parents=True, exist_ok=True)
    written = Path(log) if log is not None else folder / "serving" / "server.log"
    command = [sys.executable, "-m", "jupyter_mlops.serving.server", "--home", str(folder), "--rest-port", str(rest_port)]
    command += ["--grpc-port", str(-1 if grpc_port is None else grpc_port), *options]
    with written.open("ab") as stream:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, env=process_environment())
    address = _wait(process, folder / "serving" / "server.json", written)
    return LocalServer(process, address["rest"], address["grpc"])


@contextmanager
def local_server(
    home: str | Path | None = None, *, rest_port: int = 0, grpc_port: int | None = 0, options: Sequence[str] = ()
) -> Iterator[LocalServer]:
    """Have a server for the length of a block; see `start`."""
    server = start(home, rest_port=rest_port, grpc_port=grpc_port, options=options)
    try:
        yield server
    finally:
        server.stop()


def _wait(process: subprocess.Popen[bytes], path: Path, log: Path) -> dict[str, Any]:
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            address: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            address = {"pid": ""}
        if address["pid"] == process.pid:
            return address
        time.sleep(0.02)
    process.kill()
    process.wait()
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() or ["it wrote nothing"]
    raise EnvironmentProblem(f"the model server did not start: {lines[-1]}", hint=f"its output is in `{log.name}`")


def process_environment() -> dict[str, str]:
    """Let the process import what we import, installed or not."""
    root = str(Path(__file__).parents[3])
    paths = [root, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)), "TF_CPP_MIN_LOG_LEVEL": "2"}
