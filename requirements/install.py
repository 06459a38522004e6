"""One line of the table below → a virtual environment that holds exactly that lock, and this checkout linked into it.

Runs on any Python 3.11 with nothing installed; `make` calls it before every target that needs an environment.
Does nothing, in a few hundredths of a second, when the environment was made from the same lock, project file and Python.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"


class Environment(NamedTuple):
    """A folder, the lock that fills it, whether this project is linked into it, and what to expect on a first install."""

    folder: str
    lock: str
    project: bool
    expect: str
    with_pip: bool = False  # let pip install the lock: for files that only pip is configured to find


ENVIRONMENTS = {
    "demo": Environment(".venv-demo", "demo.lock", project=True, expect="20 s, 0.6 GB"),
    "dev": Environment(".venv", "dev.lock", project=True, expect="1 minute, 3 GB, most of it TensorFlow"),
    "kale": Environment(".venv-kale", "kale.lock", project=False, expect="30 s, 0.4 GB"),
    "marimo": Environment(".venv-marimo", "marimo.lock", project=False, expect="20 s, 0.1 GB"),
    "torch": Environment(
        ".venv-torch", "torch.lock", project=True, expect="1 minute, more where the PyTorch build brings CUDA", with_pip=True
    ),
}


def main(name: str) -> int:
    """Make the environment called `name`, or leave it alone; the exit status."""
    environment = ENVIRONMENTS[name]
    folder = ROOT / environment.folder
    stamp = folder / ".installed"
    wanted = fingerprint(environment)
    if stamp.is_file() and stamp.read_text() == wanted:
        return 0
    stamp.unlink(missing_ok=True)
    lock = REQUIREMENTS / environment.lock
    count = sum(1 for line in lock.read_text().splitlines() if "==" in line)
    python = str(folder / "bin" / "python")
    uv = [str(folder / "bin" / "uv"), "pip", "install", "--python", python, "--quiet", "--compile-bytecode"]
    pip = [python, "-m", "pip", "install", "--quiet", "--quiet", "--disable-pip-version-check"]

    version = ".".join(map(str, sys.version_info[:3]))
    phase(f"making {environment.folder} with Python {version}", "5 s", [sys.executable, "-m", "venv", *stale(folder), str(folder)])
    phase("installing uv into it", "5 s", [*pip, "-r", str(REQUIREMENTS / "uv.txt")])
    installer = pip if environment.with_pip else [*uv, "--no-deps"]  # the lock is complete
    phase(f"installing {count} locked packages and compiling them", environment.expect, [*installer, "-r", str(lock)])
    if environment.project:
        phase("linking this checkout", "2 s", [*uv, "--no-deps", "--no-build-isolation", "-e", str(ROOT)])
    stamp.write_text(wanted)
    return 0


def fingerprint(environment: Environment) -> str:
    """Everything that decides what the environment holds, as one digest."""
    digest = hashlib.sha256(f"{ROOT}\n{sys.version}\n{environment}\n".encode())
    files = [REQUIREMENTS / environment.lock, REQUIREMENTS / "uv.txt"]
    if environment.project:
        files += [ROOT / "pyproject.toml", ROOT / "compiler" / "nb2pipe" / "_version.py"]
    for path in files:
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest() + "\n"


def stale(folder: Path) -> list[str]:
    """The option that empties `folder` when the Python in it no longer starts or is another one."""
    python = folder / "bin" / "python"
    asked = [str(python), "-c", "import sys; print(sys.version)"]
    try:
        answer = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        answer = ""
    return [] if answer == sys.version else ["--clear"]


def phase(what: str, expect: str, command: list[str]) -> None:
    """Say what is being done and for how long, do it, and say how long it took; leave with the command's status when it fails."""
    print(f"• {what} (about {expect}) … ", end="", flush=True, file=sys.stderr)
    started = time.monotonic()
    # A shell that forbids bytecode would make every later import several times slower.
    environment = {key: value for key, value in os.environ.items() if key not in {"PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV", "PYTHONPATH"}}
    status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    if status:
        print(
            f"\nfailed: {shutil.which(command[0]) or command[0]} ended with status {status}; the lines above say why. Run the same target again to go on.",
            file=sys.stderr,
        )
        raise SystemExit(2)
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
