"""A real Jupyter Server with the extension, on this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

TOKEN = "server-tests"
CLUSTER_TOKEN = "a-login-that-nobody-writes-down"
PASSWORD = "a-password-that-nobody-writes-down"
LONGEST_START_SECONDS = 60


@dataclass
class Server:
    """A server that runs: its address, the folder that it serves and what it has logged."""

    url: str
    root: Path
    log: Path

    def ask(
        self, method: str, path: str, *, json: object = None, data: bytes | None = None, token: str | None = TOKEN
    ) -> requests.Response:
        """Ask as a program with a token does."""
        headers = {} if token is None else {"Authorization": f"token {token}"}
        return requests.request(method, f"{self.url}jupyter-mlops/{path}", json=json, data=data, headers=headers, timeout=60)

    def session(self) -> requests.Session:
        """Log in as a browser does: with a cookie."""
        session = requests.Session()
        session.get(f"{self.url}login", params={"token": TOKEN}, timeout=60).raise_for_status()
        assert "_xsrf" in session.cookies
        return session


@contextmanager
def running(folder: Path):
    """Run `jupyter server` in a folder, whose `root` it serves; yield it and its process."""
    root = folder / "root"
    root.mkdir(exist_ok=True)
    log = folder / "log"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "jupyter", "server", "--no-browser", "--allow-root", f"--ServerApp.port={port}"]
    command += [f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={root}", "--ServerApp.port_retries=0"]
    command += ["--ServerApp.jpserver_extensions={'jupyter_mlops': True, 'broken': True}"]
    homes = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime", "NB2PIPE_HOME": "nb2pipe"}
    environment = {**os.environ, **{name: str(folder / place) for name, place in homes.items()}, "JUPYTER_PLATFORM_DIRS": "1"}
    environment["KUBECONFIG"] = str(folder / "no-cluster")
    environment["PYTHONPATH"] = str(Path(__file__).parent)  # where `broken` is
    environment |= {"KF_PIPELINES_TOKEN": CLUSTER_TOKEN, "DB_PASSWORD": PASSWORD}
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=root, env=environment)
    try:
        url = f"http://127.0.0.1:{port}/"
        _wait_for(url, process, log)
        yield Server(url=url, root=root, log=log), process
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + LONGEST_START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}api/status?token={TOKEN}", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8", errors="replace"))
