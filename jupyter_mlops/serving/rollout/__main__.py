"""``python -m jupyter_mlops.serving.rollout``: move the rollout of one model, or of all, until it is stable or rolled back."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from jupyter_mlops.place import home
from jupyter_mlops.serving.rollout.controller import DONE, Controller
from jupyter_mlops.serving.rollout.smoke import LocalSmoke
from jupyter_mlops.serving.rollout.store import Store


def main() -> int:
    """Tick each second: an analysis takes place when an interval is over, a command of a person at once."""
    parser = argparse.ArgumentParser(prog="python -m jupyter_mlops.serving.rollout", description=__doc__)
    parser.add_argument("--home", type=Path, default=home(), help="the folder with serving/serving.db (default: that of the verbs)")
    parser.add_argument("--model", help="one model; default: all")
    parser.add_argument("--forever", action="store_true", help="go on when no rollout is under way")
    parser.add_argument("--every", type=float, default=1.0, help="seconds between looks (default 1)")
    asked = parser.parse_args()
    store = Store(asked.home / "serving" / "serving.db")
    controllers: dict[str, Controller] = {}
    while True:
        names = [asked.model] if asked.model else store.models()
        controllers |= {name: Controller(store, name, smoke=LocalSmoke(asked.home)) for name in names if name not in controllers}
        states = [controller.tick(time.time()) for controller in controllers.values()]
        if not asked.forever and all(state.stage in DONE for state in states):
            return 0
        time.sleep(asked.every)


if __name__ == "__main__":
    raise SystemExit(main())
