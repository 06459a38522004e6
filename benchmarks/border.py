"""A gigabyte through a step border: saved with its digest, checked and loaded, by the runtime's own code, against pickle.

Each turn is a process of its own that makes the value, crosses the border and says what that cost; making the value is not counted.
Each crosses it a few times and the cheapest counts: the first time, a virtual machine fetches a gigabyte of memory from its host,
which costs many times what is compared here. The file system's cache is warm, so this compares encodings and hashing, not discs.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.measure import Goal, ratio
from benchmarks.report import Section

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("array", "frame")
REPEATS = 3
METHODS = ("a step's border", "pickle", "pickle and the same digests")
GOALS = tuple(
    Goal(name=f"{kind}, a step's border", against=f"{kind}, {other}")
    for kind in KINDS
    for other in ("pickle", "pickle and the same digests")
)


def make(kind: str, megabytes: int) -> Any:
    """An array of doubles, or a frame of eight columns of doubles, two of integers and one of a few words, of that size in memory."""
    import numpy as np

    generator = np.random.default_rng(0)
    if kind == "array":
        return generator.standard_normal((megabytes * 1_000_000 // 800, 100))
    import pandas as pd

    rows = megabytes * 1_000_000 // 88
    columns: dict[str, Any] = {f"measured_{at}": generator.standard_normal(rows) for at in range(8)}
    columns |= {f"counted_{at}": generator.integers(0, 1000, rows) for at in range(2)}
    columns["kind"] = np.array(["red", "green", "blue", "none"])[generator.integers(0, 4, rows)]
    return pd.DataFrame(columns)


def cross(method: str, value: Any, folder: Path) -> Any:
    """Save a value and load it again."""
    if method == "a step's border":
        from jupyter_mlops.runtime import artifacts

        path = str(folder / "artifact")
        metadata = artifacts.save({"value": value}, path, {"port": "value", "names": ["value"], "artifact": "Dataset"}, forbid=False)
        return artifacts.load(path, metadata, "value")["value"]
    path = folder / "value.pickle"
    with path.open("wb") as file:
        pickle.dump(value, file, protocol=5)
    digested = method.endswith("digests")
    before = digest(path) if digested else ""
    if digested and digest(path) != before:
        raise RuntimeError("the file changed")
    with path.open("rb") as file:
        return pickle.load(file)


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def one_turn(kind: str, method: str, megabytes: int) -> dict[str, float]:
    """Make, cross, and compare what came out with what went in."""
    value = make(kind, megabytes)
    # Imports are a step's own cost, measured elsewhere; a tiny value first loads what the big one needs.
    with tempfile.TemporaryDirectory() as name:
        cross(method, value[:10], Path(name))
    spent: list[tuple[float, float]] = []
    for _ in range(REPEATS):
        with tempfile.TemporaryDirectory() as name:
            cpu, wall = time.process_time(), time.perf_counter()
            back = cross(method, value, Path(name))
            spent.append((time.process_time() - cpu, time.perf_counter() - wall))
    same = value.equals(back) if kind == "frame" else (value == back).all()
    if not same:
        raise RuntimeError("what came out is not what went in")
    return {"cpu": min(cpu for cpu, _ in spent), "wall": min(wall for _, wall in spent)}


def run(rounds: int, megabytes: int) -> Section:
    """Measure every kind and method in turns."""
    seconds: dict[str, list[float]] = {f"{kind}, {method}": [] for kind in KINDS for method in METHODS}
    walls: dict[str, list[float]] = {name: [] for name in seconds}
    for _ in range(rounds):
        for kind in KINDS:
            for method in METHODS:
                command = [sys.executable, "-m", "benchmarks.border", kind, method, str(megabytes)]
                result = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
                seconds[f"{kind}, {method}"].append(result["cpu"])
                walls[f"{kind}, {method}"].append(result["wall"])
    best = ", ".join(f"{name} {megabytes / min(values):,.0f} MB/s" for name, values in walls.items())
    return Section(
        title=f"{megabytes} MB through a step border, CPU seconds to save, digest, check and load",
        seconds=seconds,
        ratios=[ratio(seconds, goal) for goal in GOALS],
        notes=(f"Best wall-clock throughput, there and back: {best}.",),
    )


if __name__ == "__main__":
    print(json.dumps(one_turn(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
