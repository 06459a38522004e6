"""``python -m jupyter_mlops.feedback MODEL``: judge the windows of a model's prediction log as they end; goes on where it stopped."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_mlops.errors import EnvironmentProblem
from jupyter_mlops.feedback.history import History
from jupyter_mlops.feedback.watch import monitor

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a monitor that `ml.monitor(…).run()` has defined before; 2 if there is none, or the log cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m jupyter_mlops.feedback", description=__doc__)
    parser.add_argument("model", help="whose predictions; a notebook must have run its monitor once")
    parser.add_argument("--home", type=Path, help="the folder of the verbs (default: $NB2PIPE_HOME, or the nearest .nb2pipe)")
    parser.add_argument("--once", action="store_true", help="judge what has ended by now, and end")
    parser.add_argument("--now", type=float, help="with --once: another time than the clock's, in seconds since 1970")
    given = parser.parse_args(arguments)
    if given.home is not None:
        os.environ["NB2PIPE_HOME"] = str(given.home.absolute())
    definition = History(given.model).definition()
    if definition is None:
        print(f"nobody has monitored `{given.model}` yet\n  fix: run `ml.monitor({given.model!r}, …).run()` once", file=sys.stderr)  # noqa: T201 - a program talks to standard error
        return 2
    watched = monitor(**definition)
    while True:
        try:
            watched.run(given.now if given.once else None)
        except EnvironmentProblem as error:
            print(error, file=sys.stderr)  # noqa: T201 - as above
            if given.once:
                return 2  # a loop tries again: files come back
        if given.once:
            print(watched.text())  # noqa: T201 - its result
            return 0
        time.sleep(min(watched.every_seconds, 60.0))


if __name__ == "__main__":
    raise SystemExit(main())
