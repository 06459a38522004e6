"""Library-wide and process-wide state that a call may change, one reader a library; only libraries already imported are looked at."""

from __future__ import annotations

import decimal
import locale
import os
import random
import sys
import warnings
from pathlib import Path

RANDOM = frozenset(("random", "numpy.random", "torch.random", "tensorflow.random"))
"""States that are the position of a global random generator."""


def library_state() -> dict[str, object]:
    """Return a value for each piece of state; two equal values: the state is the same."""
    found: dict[str, object] = {
        "random": random.getstate(),
        "warnings": repr(warnings.filters),
        "os": repr((sorted(os.environ.items()), str(Path.cwd()))),
        "sys": repr((sys.path, sys.getrecursionlimit())),
        "decimal": repr(decimal.getcontext()),
        "locale": repr(locale.setlocale(locale.LC_ALL)),
    }
    if logging := sys.modules.get("logging"):
        found["logging"] = repr((logging.root.level, len(logging.root.handlers), logging.root.manager.disable))
    if numpy := sys.modules.get("numpy"):
        found["numpy"] = repr((numpy.get_printoptions(), numpy.geterr()))
        kind, keys, *rest = numpy.random.get_state()
        found["numpy.random"] = (kind, keys.tobytes(), *rest)
    if pandas := sys.modules.get("pandas"):
        found["pandas"] = repr(pandas.options.d)
    if matplotlib := sys.modules.get("matplotlib"):
        found["matplotlib"] = [(key, repr(value)) for key, value in dict.items(matplotlib.rcParams) if key != "backend"]
    if sklearn := sys.modules.get("sklearn"):
        found["sklearn"] = repr(sklearn.get_config())
    if torch := sys.modules.get("torch"):
        found["torch"] = repr((torch.get_default_dtype(), torch.get_num_threads()))
        found["torch.random"] = repr(torch.get_rng_state().tolist())
    return found


def changed_state(before: dict[str, object], after: dict[str, object]) -> list[str]:
    """Name what differs; what a call imported did not change."""
    return sorted(key for key, value in after.items() if key in before and before[key] != value)


def settle() -> None:
    """Put back what a probe may have changed, so that the next one starts from the same state."""
    warnings.simplefilter("ignore")
    random.seed(0)
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed(0)
        numpy.seterr(all="ignore")
    if torch := sys.modules.get("torch"):
        torch.manual_seed(0)
    if matplotlib := sys.modules.get("matplotlib"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if dict(matplotlib.rcParams) != dict(matplotlib.rcParamsDefault):
                matplotlib.rcdefaults()
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")
