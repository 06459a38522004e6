"""The process of one run: reads the job in the run's folder and carries it out, telling the run's story as it goes.

``python -m jupyter_mlops.server.running.runner FOLDER LOCK``: the lock of the folder is inherited, open and held. Nothing secret is in the
folder or on the command line; logins come from the environment.
"""

from __future__ import annotations

import json
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from jupyter_mlops.submit.record import RunFolder
from jupyter_mlops.submit.story import Story
from nb2pipe.errors import Nb2PipeError

if TYPE_CHECKING:
    from types import FrameType


def main(folder: Path) -> int:
    """Run the job of a folder; whatever goes wrong stands in its story."""
    signal.signal(signal.SIGTERM, _stopped)
    story = Story(folder)
    try:
        return _perform(json.loads((folder / "job.json").read_text(encoding="utf-8")), folder, story)
    except KeyboardInterrupt:
        story.add("run ended", state="interrupted", exit=143, seconds=0)
        return 143
    except Nb2PipeError as error:
        story.add("problem", message=str(error), hint=error.hint)
    except Exception as error:  # the runner's own end must be told too
        traceback.print_exc()
        story.add("problem", message=f"the runner broke: {type(error).__name__}: {error}", hint=f"see `{folder.name}/runner.log`")
    return 1


def _perform(job: dict[str, Any], folder: Path, story: Story) -> int:
    from jupyter_mlops.submit.local import run

    del story
    directory = folder.parents[2]
    result = run(
        json.loads((folder / "plan.json").read_text(encoding="utf-8", errors="surrogatepass")),
        parameters=job["parameters"],
        directory=directory,
        state=folder.parents[1],
        fresh=bool(job.get("fresh")),
        folder=RunFolder(folder, resumed=(folder / "run.json").exists()),
    )
    return result.exit


def _stopped(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
