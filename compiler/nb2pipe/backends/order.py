"""A pipeline → its steps in an order that can run, whatever the notebook's order is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.errors import InternalError
from nb2pipe.ir import order

if TYPE_CHECKING:
    from nb2pipe.ir.pipeline import Pipeline, Step


def ordered_steps(pipeline: Pipeline) -> tuple[Step, ...]:
    """The steps so that each one follows all its predecessors; among those ready, the first in the notebook goes first.

    Raises
    ------
    InternalError
        If steps wait for each other, or for one that does not exist.
    """
    steps = {step.name: step for step in pipeline.steps}
    ends = {end.step for edge in pipeline.edges for end in (edge.producer, edge.consumer)}
    strangers = ends.union(*(step.control.after for step in pipeline.steps)) - steps.keys()
    if strangers:
        raise InternalError(f"NB901 broken-invariant: there are no steps {', '.join(sorted(strangers))}")
    names, cycle = order.topological(tuple(steps), order.predecessors(pipeline))
    if cycle:
        raise InternalError(f"NB901 broken-invariant: the steps {', '.join(cycle)} wait for each other")
    return tuple(steps[name] for name in names)
