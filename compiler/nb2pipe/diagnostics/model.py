"""A finding is a frozen value: a violation with named fields, at a span, with labels. Text is derived."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar, Generic, TypeVar

from nb2pipe.record import record
from nb2pipe.source import CellId, Span

FILE = CellId("")
"""Stands for the file itself in a `Span` whose position counts lines of the file, where no cell can be named."""

T = TypeVar("T")


class Severity(Enum):
    """How bad a finding is: an ERROR stops the compiler from emitting, a NOTE does not change the exit status."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@record()
class Label:
    """A second place that explains a finding."""

    span: Span
    text: str


@record()
class Edit:
    """Replace the text of a span: the unit of a fix."""

    span: Span
    text: str


@record()
class Violation:
    """Base of all rules, which are frozen dataclasses: class variables say what is wrong in general, fields what is wrong here."""

    code: ClassVar[str]
    slug: ClassVar[str]
    severity: ClassVar[Severity]
    since: ClassVar[str]
    message: ClassVar[str]  # formatted with the fields
    why: ClassVar[str]
    fix: ClassVar[str]
    label: ClassVar[str] = ""  # what stands beside the underline
    conceals: ClassVar[bool] = False  # what the span covers must never be printed

    def text(self, template: str) -> str:
        """Fill a template with the fields."""
        from dataclasses import fields  # loaded only when something was found

        return template.format(**{field.name: getattr(self, field.name) for field in fields(self)})

    def at(self, span: Span | None, *labels: Label, edits: tuple[Edit, ...] = ()) -> Diagnostic:
        """Make the finding; `span` is None only when the whole file is meant."""
        return Diagnostic(violation=self, span=span, labels=labels, edits=edits)


@record(kw_only=True)
class Diagnostic:
    """A violation at a place; `edits` are a safe fix, if there is one."""

    violation: Violation
    span: Span | None
    labels: tuple[Label, ...] = ()
    edits: tuple[Edit, ...] = ()

    @property
    def code(self) -> str:
        """The stable code, such as ``NB201``."""
        return self.violation.code

    @property
    def severity(self) -> Severity:
        """The severity of the rule."""
        return self.violation.severity

    @property
    def message(self) -> str:
        """One sentence: what is wrong here."""
        return self.violation.text(self.violation.message)


@record()
class Result(Generic[T]):
    """What a pass returns: a value (None when there is none to give) and findings. Nothing raises for a user's mistake."""

    value: T | None
    diagnostics: tuple[Diagnostic, ...] = ()
