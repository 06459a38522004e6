"""Tasks that wait for themselves, and components that contain themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.backends.kfp.validator.problem import Problem
from nb2pipe.backends.kfp.validator.tree import component_path, field, items, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nb2pipe.emit.yaml import Json


def check_cycles(known: Mapping[str, Json]) -> Iterator[Problem]:
    """Find a cycle in every DAG that has one, and one among the components."""
    users: dict[str, set[str]] = {}
    for name, component in known.items():
        tasks = field(component, "dag", "tasks")
        waits = {task_id: _needs(task) & tasks.keys() for task_id, task in tasks.items()}
        users[name] = {text(task, "componentRef", "name") for task in tasks.values()} & known.keys()
        cycle = _cycle(waits)
        if cycle:
            yield Problem(f"{component_path(name)}.dag", "cycle", f"the tasks {', '.join(cycle)} wait for each other")
    cycle = _cycle(users)
    if cycle:
        yield Problem("components", "cycle", f"the components {', '.join(cycle)} contain each other")


def _needs(task: Json) -> set[str]:
    names = {str(name) for name in items(task, "dependentTasks")}
    for word, key in (("parameters", "taskOutputParameter"), ("artifacts", "taskOutputArtifact")):
        names |= {text(source, key, "producerTask") for source in field(task, "inputs", word).values()}
    return names


def _cycle(waits: dict[str, set[str]]) -> list[str]:
    """What is left when everything that can start has been taken away, and then everything that nobody waits for."""
    left = dict(waits)
    for graph in (False, True):
        while True:
            if graph:
                wanted = set().union(*left.values()) if left else set()
                gone = [name for name in left if name not in wanted]
            else:
                gone = [name for name, needs in left.items() if not needs & left.keys()]
            if not gone:
                break
            for name in gone:
                del left[name]
    return sorted(left)
