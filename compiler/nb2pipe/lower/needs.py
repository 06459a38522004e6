"""What one step needs, and what stands in the way of giving it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.record import field, record

if TYPE_CHECKING:
    from nb2pipe.ir.dataflow import StatementId, Use


@record(frozen=False)
class Needs:
    """What one step needs, filled while demands are solved."""

    step: str
    first: int  # where the step begins among the statements
    statements: tuple[StatementId, ...] = ()
    values: dict[str, str] = field(default_factory=dict)  # name → step it comes from
    versions: dict[str, StatementId] = field(default_factory=dict)  # name → the version that is needed
    readers: dict[str, Use] = field(default_factory=dict)  # name → a place that needs it
    repeated: set[StatementId] = field(default_factory=set)
    derived: set[StatementId] = field(default_factory=set)  # of `repeated`: those that read a value when they run
    parameters: dict[str, None] = field(default_factory=dict)
    fixed: list[tuple[StatementId, str, StatementId]] = field(default_factory=list)  # (definition, name, version that it was made with)

    @property
    def last(self) -> int:
        """Return where the step ends among the statements."""
        return self.statements[-1] if self.statements else self.first - 1


@record()
class Undefined:
    """A step reads a name that nothing before it defines."""

    name: str
    step: str
    use: Use


@record()
class Overtaken:
    """A step reads a version of a name that its producer has replaced by the time it ends: the producer is split around the reader."""

    name: str
    producer: str
    consumer: str
    use: Use


@record()
class Stuck:
    """A step uses a function or class that cannot be defined again there: `changed` by another step, or made while that step ran."""

    name: str
    producer: str
    consumer: str
    use: Use
    changed: bool
