"""Measure, print the table to standard error and JSON to standard output; status 1 when a goal is missed or something cannot be measured."""

from __future__ import annotations

import argparse
import sys

from benchmarks import analysis, border, compiling, gate, lab, lineage, local_run, replay, rollout, serving, verbs
from benchmarks.report import as_json, as_text


def main() -> int:
    """Run the sections asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "sections",
        nargs="*",
        metavar="SECTION",
        help="compiling, analysis, local-run, gate, lineage, drift, rollout, serving, lab, verbs, border; default: all of them",
    )
    parser.add_argument("--rounds", type=int, default=12, help="how many turns each quick command gets (default 12)")
    parser.add_argument("--megabytes", type=int, default=1000, help="how much crosses the step border (default 1000)")
    parser.add_argument("--notebooks", help="a folder of notebooks to analyse besides those of this repository")
    asked = parser.parse_args()
    table = {
        "compiling": lambda: [compiling.run(asked.rounds)],
        "analysis": lambda: analysis.run(max(2, asked.rounds // 4), asked.notebooks),
        "local-run": lambda: [local_run.run(max(2, asked.rounds // 4))],
        "gate": lambda: [gate.run()],
        "lineage": lambda: [lineage.run()],
        "drift": lambda: [replay.run()],
        "rollout": lambda: [rollout.run()],
        "serving": lambda: [serving.run()],
        "lab": lambda: [lab.run(max(5, asked.rounds))],
        "verbs": lambda: [verbs.run(max(2, asked.rounds // 4))],
        "border": lambda: [border.run(max(2, asked.rounds // 4), asked.megabytes)],
    }
    unknown = set(asked.sections) - set(table)
    if unknown:
        parser.error(f"no section is called {', '.join(sorted(unknown))}; there are {', '.join(table)}")
    sections = []
    for name in asked.sections or table:
        print(f"• {name} …", file=sys.stderr, flush=True)
        sections += table[name]()
    print(as_text(sections), file=sys.stderr)
    print(as_json(sections))
    return 0 if all(section.met for section in sections) else 1


if __name__ == "__main__":
    raise SystemExit(main())
