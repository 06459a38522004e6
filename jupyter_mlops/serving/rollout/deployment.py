"""A model's rollout as a report: where it stands, what speaks for and against the candidate, what was decided; and the four commands."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from jupyter_mlops.report import Report, Verdict, deliver
from jupyter_mlops.serving.rollout.controller import DONE, Controller
from jupyter_mlops.serving.rollout.events import Stage
from jupyter_mlops.serving.rollout.smoke import LocalSmoke
from jupyter_mlops.serving.rollout.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True, repr=False)
class Deployment(Report):
    """The rollout of `model` whose database is under `home`; it always shows what is written there now."""

    model: str
    home: Path
    person: str
    kind: ClassVar[str] = "deployment"

    def view(self) -> dict[str, Any]:
        """Read everything that is drawn."""
        from jupyter_mlops.serving.rollout.picture import picture

        with self._store() as store:
            return picture(store, self.model)

    def status(self) -> Stage:
        """Say at which stage the rollout is."""
        with self._store() as store:
            return self._controller(store).state().stage

    def promote(self) -> str:
        """Go to the next stage on a person's word; gives what was done, or why not. Never without a request measured since the last change."""
        return self._ask("promote")

    def pause(self) -> str:
        """Stay where it is until `resume`; harm is still watched for."""
        return self._ask("pause")

    def resume(self) -> str:
        """Go on after `pause`, or after it was held."""
        return self._ask("resume")

    def rollback(self) -> str:
        """Give all traffic back to the version that was stable, at once, and freeze this one."""
        return self._ask("rollback")

    def tick(self, now: float | None = None) -> Stage:
        """Take the steps that are due; what a controller process does each second."""
        with self._store() as store:
            return self._controller(store).tick(time.time() if now is None else now).stage

    def wait(
        self, until: str = "", *, timeout_seconds: float | None = None, every_seconds: float = 0.5,
        clock: Callable[[], float] = time.time, sleep: Callable[[float], None] = time.sleep,
    ) -> Deployment:  # fmt: skip
        """Move the rollout on until it is at stage `until` ("CANARY", …), or over.

        Raises
        ------
        TimeoutError
            If that takes longer than `timeout_seconds`.
        Rejected
            In a pipeline step, if it ends rolled back.
        """
        end = None if timeout_seconds is None else clock() + timeout_seconds
        with self._store() as store:
            controller = self._controller(store)
            while (stage := controller.tick(clock()).stage) not in DONE and stage.value != until:
                if end is not None and clock() >= end:
                    raise TimeoutError(f"the rollout of `{self.model}` is at {stage.value} after {timeout_seconds:g} s")
                sleep(every_seconds)
        return deliver(self, Verdict.FAIL if stage is Stage.ROLLED_BACK else Verdict.PASS)

    def widget(self) -> Any:
        """Give the live widget: it follows the rollout and has buttons for the commands; needs anywidget."""
        from jupyter_mlops.widgets.deployment.live import live

        commands = {"promote": self.promote, "pause": self.pause, "resume": self.resume, "rollback": self.rollback}
        return live(self.view, commands)

    def _ask(self, command: str) -> str:
        now = time.time()
        with self._store() as store:
            number = store.ask(self.model, command, person=self.person, at=now)
            self._controller(store).tick(now)
            return store.outcome(number) or "pending"

    def _store(self) -> Store:
        return Store(self.home / "serving" / "serving.db")

    def _controller(self, store: Store) -> Controller:
        return Controller(store, self.model, smoke=LocalSmoke(self.home))
