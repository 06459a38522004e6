"""The first validation of a process, from the frame's file to the verdict: ours beside Great Expectations on the same suite, whole processes.

The suite is one that both evaluate: a set of columns, ranges, missing values, categories, keys; no distributions.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Command, Goal, in_turns, ratio
from benchmarks.report import Section

MAKE = """
import sys, numpy, pandas, jupyter_mlops as ml
rows, folder, draw = int(sys.argv[1]), sys.argv[2], numpy.random.default_rng(0)
columns = {f"x{at}": draw.normal(size=rows) for at in range(16)} | {f"c{at}": draw.choice(list("abcdef"), rows) for at in range(3)}
frame = pandas.DataFrame({"id": numpy.arange(rows), **columns})
frame.to_parquet(f"{folder}/frame.parquet")
suite = ml.propose_suite(frame, distributions=False)
own = [each for each in suite.expectations if each.type != "expect_column_kind_to_be"]
type(suite)(name="both", expectations=tuple(own)).save(f"{folder}/suite.json")
"""
CHECK = """
import sys, pandas, jupyter_mlops as ml
report = ml.validate(pandas.read_parquet(f"{sys.argv[1]}/frame.parquet"), f"{sys.argv[1]}/suite.json", engine=sys.argv[2])
sys.exit(0 if report.success else 1)
"""
READ = "import sys, pandas; pandas.read_parquet(f'{sys.argv[1]}/frame.parquet')"


def run(rounds: int = 3) -> list[Section]:
    """Measure with a thousand rows and with a million."""
    return [_at(rows, rounds) for rows in (1_000, 1_000_000)]


def _at(rows: int, rounds: int) -> Section:
    with tempfile.TemporaryDirectory() as folder:
        python = (sys.executable, "-W", "ignore", "-c")
        place = Path(folder)
        commands = [
            Command(name="read the frame only", arguments=(*python, READ, folder), folder=place),
            Command(name="ours", arguments=(*python, CHECK, folder, "auto"), folder=place),
            Command(name="Great Expectations", arguments=(*python, CHECK, folder, "gx"), folder=place),
        ]
        subprocess.run([*python, MAKE, str(rows), folder], cwd=folder, check=True)
        seconds = in_turns(commands, rounds)
    goal = Goal(name="Great Expectations", against="ours", least=1.0)
    return Section(title=f"Validation of {rows:,} rows × 20 columns", seconds=seconds, ratios=[ratio(seconds, goal)])
