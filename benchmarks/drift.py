"""What a drift report of 50 columns costs as a whole process (CPU seconds, peak memory), beside a loop over SciPy in the same run.

``python -m benchmarks.drift [--rows 1000000] [--folder build/drift]`` makes the data first: 40 numeric columns (normal, lognormal, gamma, integers),
10 of text; exactly 10 drift (8 numeric by 0.15 sigma, 2 of text: the first quarter of the categories 1.3 times as heavy).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

OURS = "import sys, jupyter_mlops as ml; r = ml.drift(sys.argv[1], sys.argv[2]); print(len(r.drifted), ' '.join(sorted(r.drifted)))"
SCIPY = """
import sys, pandas, scipy.stats
a, b = (pandas.read_parquet(path) for path in sys.argv[1:])
drifted = 0
for name in a.columns:
    if a[name].dtype == float:
        p = scipy.stats.ks_2samp(a[name], b[name], method="asymp").pvalue
    else:
        both = pandas.concat([a[name].value_counts(), b[name].value_counts()], axis=1).fillna(0)
        p = scipy.stats.chi2_contingency(both.T).pvalue
    drifted += p < 0.05
print(drifted)
"""
MMD = """
import numpy
from jupyter_mlops.monitoring.multivariate.exact_mmd import exact_mmd
from jupyter_mlops.monitoring.multivariate.block_mmd import block_mmd
r = numpy.random.default_rng(0); x, y = r.normal(size=(10000, 20)), r.normal(size=(10000, 20)); y[:, 0] += 0.15
print(NAME(x, y))
"""


def make(path: Path, rows: int, seed: int, *, drifting: bool) -> None:
    """Write one side, a million rows at a time."""
    import numpy
    import pyarrow
    import pyarrow.parquet

    random, writer = numpy.random.default_rng(seed), None
    for start in range(0, rows, 1_000_000):
        count, columns = min(1_000_000, rows - start), {}
        for index in range(40):
            values = [
                lambda count=count: random.normal(size=count),
                lambda count=count: random.lognormal(size=count),
                lambda count=count: random.gamma(2.0, size=count),
                lambda count=count: random.integers(0, 1000, count).astype(float),
            ][index % 4]()
            sigma = (1.0, 2.16, 1.41, 288.7)[index % 4]
            columns[f"n{index}"] = values + (0.15 * sigma if drifting and index < 8 else 0)
        for index, many in enumerate((2, 3, 4, 5, 8, 12, 20, 50, 100, 200)):
            weight = numpy.ones(many)
            if drifting and index in {3, 6}:
                weight[: max(1, many // 4)] *= 1.3
            codes = random.choice(many, size=count, p=weight / weight.sum()).astype("int32")
            names = pyarrow.array([f"category {code}" for code in range(many)])
            columns[f"c{index}"] = pyarrow.DictionaryArray.from_arrays(codes, names).cast(pyarrow.string())
        table = pyarrow.table(columns)
        writer = writer or pyarrow.parquet.ParquetWriter(path, table.schema)
        writer.write_table(table)
    assert writer is not None
    writer.close()


def measured(code: str, *arguments: str) -> tuple[float, float, str]:
    """Run a program; give its CPU seconds, its peak memory in MB and what it printed."""
    before = os.times()
    program = f"{code}\nimport resource, sys\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)"
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True, env=environment)
    after = os.times()
    seconds = after.children_user + after.children_system - before.children_user - before.children_system
    return seconds, float(done.stderr.split()[-1]), done.stdout.strip()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drift", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=Path("build/drift"))
    parser.add_argument("--no-scipy", action="store_true", help="leave the loop over SciPy out (it needs all rows in memory)")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    paths = [asked.folder / f"{name}_{asked.rows}.parquet" for name in ("reference", "current")]
    for seed, path in enumerate(paths):
        if not path.exists():
            make(path, asked.rows, seed, drifting=bool(seed))
    table = {"ml.drift": (OURS, *map(str, paths)), "SciPy loop": (SCIPY, *map(str, paths))}
    table |= {"MMD exact, n = 10,000": (MMD.replace("NAME", "exact_mmd"),), "MMD B-test, n = 10,000": (MMD.replace("NAME", "block_mmd"),)}
    if asked.no_scipy:
        del table["SciPy loop"]
    for name, (code, *arguments) in table.items():
        seconds, megabytes, said = measured(code, *arguments)
        print(f"{name:24} {asked.rows:>10,} rows {seconds:7.2f} CPU s {megabytes:7.0f} MB   {said}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
