"""A rollout for a target that is not steered from here → one plan of files and commands for each stage, and one for the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from jupyter_mlops.report import Report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.serving.rollout.spec import Spec
    from jupyter_mlops.serving.targets.plan import Plan


@dataclass(frozen=True, repr=False)
class PlannedRollout(Report):
    """What to apply, stage after stage; nothing was done. `stages` are (name, plan), the last of them "roll back" where there is a way back."""

    model: str
    version: str
    target: str
    stages: tuple[tuple[str, Plan], ...]
    kind: ClassVar[str] = "deployment"

    def apply(self, stage: str) -> str:
        """Bring one stage into force by its name, such as "stable" or "roll back"; gives what its program said.

        Raises
        ------
        ValueError
            If there is no such stage.
        EnvironmentProblem
            If its program is not installed, or fails.
        """
        from jupyter_mlops.place import home
        from jupyter_mlops.serving.targets import tf_serving
        from jupyter_mlops.serving.targets.plan import apply

        stages = dict(self.stages)
        if stage not in stages:
            raise ValueError(f"there is no stage `{stage}`; expected one of {', '.join(stages)}")
        folder = home() / "serving" / self.target / self.model
        return (tf_serving.bring if self.target == "tf-serving" else apply)(stages[stage], folder)

    def view(self) -> dict[str, Any]:
        """Give the files and commands of all stages."""
        stages = [
            {"name": name, "files": dict(sorted(plan.files.items())), "command": " ".join(plan.command), "notes": list(plan.notes)}
            for name, plan in self.stages
        ]
        return {
            "title": f"Rollout of {self.model} to {self.target}",
            "model": self.model,
            "version": self.version,
            "target": self.target,
            "plan": stages,
        }


def plan_rollout(
    target: str, name: str, candidate: tuple[int, str], stable: tuple[int, str] | None, spec: Spec, options: Mapping[str, Any]
) -> PlannedRollout:
    """Make the plans; versions are (number, URI).

    Raises
    ------
    ValueError
        If there is no such target, or it cannot serve these versions.
    """
    from jupyter_mlops.serving.targets.plan import Served, plan

    def alone(version: tuple[int, str]) -> Plan:
        return plan(target, name, (Served(*version, share=100, label="stable"),), **options)

    stages = []
    if stable is not None:
        for share in spec.steps[:-1]:
            percent = round(share * 100)
            versions = Served(*stable, share=100 - percent, label="stable"), Served(*candidate, share=percent, label="canary")
            stages.append((f"canary {percent} %", plan(target, name, versions, **options)))
    stages.append(("stable", alone(candidate)))
    if stable is not None:
        stages.append(("roll back", alone(stable)))
    return PlannedRollout(name, str(candidate[0]), target, tuple(stages))
