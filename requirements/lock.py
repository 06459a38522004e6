"""`pyproject.toml` and the constraints → the locks beside this file.

Written by `uv pip compile` rather than `uv lock`, because the latter records the address of every file at its registry.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = Path(sys.executable).parent / "uv"
OPTIONS = ["--universal", "--python-version", "3.11", "--no-header", "--no-annotate", "--quiet"]
CONSTRAINTS = ["-c", "requirements/constraints.txt"]

DEMO = ["--extra", "data", "--extra", "sklearn", "--group", "build"]
VERBS = [word for extra in ("track", "gate", "drift", "serve", "lineage") for word in ("--extra", extra)]
WHOLE = ["--extra", "kfp", "--extra", "verify", "--extra", "tensorflow", "--extra", "lab", *VERBS]
# The stubs of TensorFlow Serving ask for `tensorflow`; on Linux `tensorflow-cpu` is that package.
DEV = [*DEMO, *WHOLE, "--group", "test", "--group", "lint", "--override", "requirements/overrides.txt"]
LAB = [*DEMO, "--extra", "lab", "--extra", "verify"]

LOCKS = {
    "demo.lock": ["pyproject.toml", *DEMO, *CONSTRAINTS],
    "dev.lock": ["pyproject.toml", *DEV, *CONSTRAINTS],
    "lab.lock": ["pyproject.toml", *LAB, *CONSTRAINTS],
    "kale.lock": ["requirements/kale.in"],
    "marimo.lock": ["requirements/marimo.in"],
    "torch.lock": ["requirements/torch.in", *CONSTRAINTS],
}


def main() -> int:
    """Write every lock; extra arguments (``--upgrade``) go to uv. Without them, versions already locked stay."""
    for name, inputs in LOCKS.items():
        command = [str(UV), "pip", "compile", *inputs, *OPTIONS, "-o", f"requirements/{name}", *sys.argv[1:]]
        print("•", "uv", *command[1:], flush=True)
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        keep_only_versions(ROOT / "requirements" / name)
    return 0


def keep_only_versions(path: Path) -> None:
    """Drop what uv may add from a user's own settings (index addresses, folders of wheels), and the CUDA packages.

    Only the registry's build of PyTorch for Linux needs those; pip adds them by itself where it takes that build.
    """
    dropped = ("-", "#", "cuda-", "nvidia-", "triton==")
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith(dropped)]
    path.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
