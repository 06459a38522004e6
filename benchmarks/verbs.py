"""The first call of each verb in a fresh process: CPU seconds from the verb's first mention to its result.

With `data there`, NumPy, pandas and the frame are imported and made before the clock starts, as in a notebook; `alone`, the clock runs from
the beginning. Goals are the issue's: half a CPU second for a first verb. Verbs that need MLflow's tracking or registry are timed without one:
importing MLflow alone costs more.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Goal, Ratio
from benchmarks.report import Section

_LIMIT_SECONDS = 0.5
_DATA = """
import numpy, pandas
draw = numpy.random.default_rng(0)
frame = pandas.DataFrame({"x": draw.normal(size=1000), "c": draw.choice(list("abc"), 1000), "y": draw.integers(0, 2, 1000)})
"""
_CALLS = {
    "problem": 'ml.problem("churn", metric="roc_auc", target="y")',
    "dataset": 'ml.dataset("frame.csv")',
    "dataset, frame": 'ml.dataset("frame.csv").frame()',
    "propose_suite": "ml.propose_suite(frame)",
    "validate": 'ml.validate(frame, "suite.json")',
    "profile": "ml.profile(frame)",
    "drift": "ml.drift(frame, frame)",
    "gate": 'ml.gate(draw.random(1000), frame, target="y", rules=[{"metric": "accuracy", "at_least": 0.0}])',
    "retrain_when": 'ml.retrain_when("PSI > 0.2 on any top-10 feature for 3 windows", monitor=ml.monitor("churn"))',
    "lineage": "ml.lineage()",
    "tune": 'ml.tune(lambda trial: trial["x"] ** 2, {"x": (0.0, 1.0)}, trials=1, direction="minimize")',
    "track": 'ml.track("first").__enter__()',
    "register": 'ml.register(model, "churn", example=frame[["x"]].to_numpy(), force="a benchmark")',
    "deploy": 'ml.deploy("s3://models/churn", name="churn", version=1, target="kserve")',
}
_MODEL = """
from sklearn.linear_model import LogisticRegression
model = LogisticRegression().fit(frame[["x"]].to_numpy(), frame["y"])
"""
_NEEDS_NO_FRAME = ("problem", "dataset", "dataset, frame", "retrain_when", "lineage", "tune", "track", "deploy")
_LIMITED = ("problem", "dataset", "propose_suite", "validate", "profile", "drift", "gate", "lineage")
_PROGRAM = """
import time, sys, warnings
warnings.simplefilter("ignore")
{before}
began = time.process_time()
{inside}
import jupyter_mlops as ml
imported = time.process_time()
{call}
ended = time.process_time()
print()
print(ended - began, imported - began)
"""


def first_call(call: str, folder: Path, *, data_there: bool, needs_frame: bool = True) -> float:
    """CPU seconds of a verb's first call in a process of its own.

    Raises
    ------
    RuntimeError
        If the call fails.
    """
    before, inside = (_DATA, "") if data_there else ("", _DATA if needs_frame else "")
    if "model" in call:
        before, inside = before + (_MODEL if before else ""), inside + (_MODEL if inside else "")
    program = _PROGRAM.format(before=before, inside=inside, call=call)
    environment = {**os.environ, "NB2PIPE_HOME": str(folder / "home")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    if done.returncode:
        raise RuntimeError(f"`{call}` failed:\n{done.stderr[-600:]}")
    return float(done.stdout.strip().splitlines()[-1].split()[0])


def run(rounds: int = 3) -> Section:
    """Measure each verb; the first turn writes bytecode and is thrown away."""
    seconds: dict[str, list[float]] = {}
    failures: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = _DATA + 'import jupyter_mlops as ml\nframe.to_csv("frame.csv", index=False)\nml.propose_suite(frame).save("suite.json")'
        environment = {**os.environ, "NB2PIPE_HOME": str(folder / "home")}
        subprocess.run([sys.executable, "-W", "ignore", "-c", made], cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
        for verb, call in _CALLS.items():
            for how, there in (("data there", True), ("alone", False)):
                try:
                    taken = [first_call(call, folder, data_there=there, needs_frame=verb not in _NEEDS_NO_FRAME) for _ in range(rounds + 1)]
                except RuntimeError as error:
                    failures.append(str(error))
                    break
                seconds[f"{verb} ({how})"] = taken[1:]
    goals = [(f"{verb} (data there)", _LIMIT_SECONDS) for verb in _LIMITED]
    ratios = [
        Ratio(goal=Goal(name=what, against="half a CPU second", most=1.0), value=statistics.median(seconds[what]) / limit)
        for what, limit in goals
        if what in seconds
    ]
    for failure in failures:
        print(failure, file=sys.stderr)
    return Section(title="The first call of a verb (CPU seconds)", seconds=seconds, ratios=ratios)


if __name__ == "__main__":
    from benchmarks.report import as_text

    print(as_text([run()]))
