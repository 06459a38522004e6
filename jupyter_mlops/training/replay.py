"""``python -m jupyter_mlops.training.replay CODE OUT``: the stored code of a run → executed in this fresh process, and what it tracked.

CODE is the JSON that a run keeps: pairs of a name and a text. OUT gets the ids of the runs that were made.
"""

from __future__ import annotations

import json
import linecache
import sys
import types
from pathlib import Path

from jupyter_mlops.training.origins import REPLAYED


def main(code: str, out: str) -> None:
    """Execute all texts in one namespace, as `__main__`."""
    sys.modules["__main__"] = module = types.ModuleType("__main__")
    texts = json.loads(Path(code).read_text(encoding="utf-8"))
    module.__dict__[REPLAYED] = tuple((name, text) for name, text in texts)
    sys.argv = [texts[0][0] if texts else ""]
    shell = _shell(module) if any(" › execution " in name for name, _ in texts) else None
    for name, text in texts:
        if shell is not None:
            shell.run_cell(text, store_history=True).raise_error()
            continue
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        exec(compile(text, name, "exec"), module.__dict__)  # noqa: S102 - running the user's code again is what was asked for
    from jupyter_mlops.training.runs import made_here

    for run in made_here():
        run.end()
    Path(out).write_text(json.dumps([[run.uri, run.id] for run in made_here()]), encoding="utf-8")


def _shell(module: types.ModuleType) -> types.SimpleNamespace:
    """Make a shell that knows magics, as the kernel did."""
    from IPython.core.interactiveshell import InteractiveShell

    shell: types.SimpleNamespace = InteractiveShell.instance(user_module=module, user_ns=module.__dict__)
    return shell


if __name__ == "__main__":
    main(*sys.argv[1:])
