"""What is to be served, and where → a plan: files and a command, printed and reviewed before anything is applied.

A plan is pure: the same model gives the same bytes. `apply` is the only function here that does something.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from jupyter_mlops.errors import EnvironmentProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

DEPLOYERS = {
    "kserve": "jupyter_mlops.serving.targets.kserve:plan",
    "kubernetes": "jupyter_mlops.serving.targets.kubernetes:plan",
    "tf-serving": "jupyter_mlops.serving.targets.tf_serving:plan",
}
"""Our targets; a package adds its own under the entry point group ``jupyter_mlops.deployers``. The local server needs no plan."""

GROUP = "jupyter_mlops.deployers"


@dataclass(frozen=True)
class Served:
    """One version of a model to be served.

    `uri` is the folder of this version (``s3://…`` on a cluster), `share` its part of the requests in percent; the versions of one model sum to
    100. A `label` is a name for clients, such as "stable".
    """

    version: int
    uri: str
    share: int = 100
    label: str = ""


@dataclass(frozen=True)
class Plan:
    """Files by name, and the command that brings them into force; `notes` say what a reader should know."""

    target: str
    files: Mapping[str, str]
    command: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Print all of it."""
        parts = [f"# {name}\n{text}" for name, text in sorted(self.files.items())]
        return "\n".join([*parts, f"$ {' '.join(self.command)}", *(f"# {note}" for note in self.notes)])


def plan(target: str, model: str, versions: tuple[Served, ...], **options: Any) -> Plan:
    """Make the plan of a target.

    Parameters
    ----------
    target : str
        A key of `DEPLOYERS`, or a deployer that is installed.
    model : str
        The model's name.
    versions : tuple of Served
        The stable version first.
    **options
        Those of the target's own `plan`.

    Raises
    ------
    ValueError
        If there is no such target, or the shares do not sum to 100.
    """
    check(model, versions)
    known = deployers()
    if target not in known:
        raise ValueError(f"there is no target `{target}`; expected one of local, {', '.join(sorted(known))}")
    module, _, function = known[target].partition(":")
    made: Plan = getattr(import_module(module), function)(model, versions, **options)
    return made


def deployers() -> dict[str, str]:
    """Give all targets that are installed: name → ``module:function`` of the function that plans.

    Raises
    ------
    EnvironmentProblem
        If two packages claim the same name.
    """
    claims = {name: {place} for name, place in DEPLOYERS.items()}
    for point in entry_points(group=GROUP):
        claims.setdefault(point.name, set()).add(point.value)
    for name, places in sorted(claims.items()):
        if len(places) > 1:
            both = " and ".join(f"`{place}`" for place in sorted(places))
            raise EnvironmentProblem(f"the target `{name}` is claimed by {both}", hint="uninstall one of the two packages")
    return {name: next(iter(places)) for name, places in claims.items()}


def check(model: str, versions: tuple[Served, ...]) -> None:
    """Refuse what no target can serve."""
    if not versions:
        raise ValueError(f"no version of `{model}` is to be served")
    total = sum(each.share for each in versions)
    if total != 100 or min(each.share for each in versions) < 0:
        raise ValueError(f"the shares of `{model}` sum to {total} %, not to 100 %")
    if len({each.version for each in versions}) < len(versions):
        raise ValueError(f"a version of `{model}` is named twice")


def apply(planned: Plan, folder: Any) -> str:
    """Write the files of a plan into a folder and run its command there; gives what the command printed.

    Raises
    ------
    EnvironmentProblem
        If the command is not installed, or fails.
    """
    program = planned.command[0]
    if shutil.which(program) is None:
        raise EnvironmentProblem(f"`{program}` is not installed here", hint="install it, or hand the printed plan to whoever has it")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in sorted(planned.files.items()):
        (folder / name).write_text(text, encoding="utf-8")
    done = subprocess.run(planned.command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["it said nothing"]
        raise EnvironmentProblem(f"`{program}` failed: {lines[-1]}")
    return done.stdout
