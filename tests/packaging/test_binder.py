"""What a visitor of the Binder gets: `binder/postBuild`, run in an environment of its own, and JupyterLab started there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FIRST = "/lab/tree/example_notebooks/01_tabular.ipynb"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run `postBuild` on a copy of this checkout; return the environment that it filled."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed: apt-get install npm")
    folder = tmp_path_factory.mktemp("binder")
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (ROOT / name).is_file():
            (folder / "checkout" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / "checkout" / name)
    subprocess.run([sys.executable, "-m", "venv", folder / "environment"], check=True)
    done = subprocess.run(
        ["bash", "binder/postBuild"],
        cwd=folder / "checkout",
        env=inside(folder / "environment"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "environment"


def inside(environment: Path) -> dict[str, str]:
    """Return the variables of a shell in which the environment is active, with nothing of this one's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "PYTHON", "VIRTUAL_ENV"))}
    home = environment.parent / "home"
    return kept | {
        "PATH": f"{environment / 'bin'}:{os.environ['PATH']}",
        "JUPYTER_CONFIG_DIR": str(home),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
    }


def says(environment: Path, *words: str) -> str:
    done = subprocess.run([environment / "bin" / words[0], *words[1:]], env=inside(environment), capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


@pytest.mark.slow
def test_jupyterlab_has_the_extension(built):
    line = next(line for line in says(built, "jupyter", "labextension", "list").splitlines() if "jupyter-mlops" in line)
    assert "enabled" in line
    assert "OK" in line


@pytest.mark.slow
def test_the_server_has_the_extension(built):
    lines = [line for line in says(built, "jupyter", "server", "extension", "list").splitlines() if "jupyter_mlops.server" in line]
    assert any("enabled" in line for line in lines)
    assert any("OK" in line for line in lines)


@pytest.mark.slow
def test_what_the_examples_import_is_there(built):
    code = "import importlib.util as u; print([m for m in ('sklearn', 'pandas', 'great_expectations', 'tensorflow', 'jupyter_mlops') if not u.find_spec(m)])"
    assert says(built, "python", "-c", code) == "[]\n"


@pytest.mark.slow
def test_jupyterlab_opens_on_the_first_example(built):
    checkout = built.parent / "checkout"
    runtime = built.parent / "home" / "runtime"
    words = [
        built / "bin" / "jupyter",
        "lab",
        "--no-browser",
        "--allow-root",
        "--port=0",
        "--IdentityProvider.token=",
        f"--ServerApp.root_dir={checkout}",
    ]
    with (built.parent / "log").open("wb") as log, subprocess.Popen(words, env=inside(built), stdout=log, stderr=log) as server:
        try:
            address = address_of(runtime, server)
            with urllib.request.urlopen(address) as answer:
                assert answer.url == address.rstrip("/") + FIRST
            with urllib.request.urlopen(f"{address}api/contents/{FIRST.removeprefix('/lab/tree/')}?content=0") as answer:
                assert json.load(answer)["type"] == "notebook"
        finally:
            server.terminate()
            server.wait()


def address_of(runtime: Path, server: subprocess.Popen[bytes]) -> str:
    """Wait until the server says where it is."""
    while server.poll() is None:
        for file in runtime.glob("jpserver-*.json"):
            return str(json.loads(file.read_text(encoding="utf-8"))["url"])
        time.sleep(0.05)
    raise AssertionError(f"jupyter lab ended with {server.returncode}")
