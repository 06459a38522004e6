"""A finding → what one click can do about it: text replaced in cells, or a cell's tags written anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.diagnostics.model import Edit
from nb2pipe.frontend.tags import translate
from nb2pipe.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nb2pipe.diagnostics.model import Diagnostic
    from nb2pipe.source import CellId

_NEVER_IGNORED = ("NB003", "NB109")
"""A cell that cannot be read stays unread, and who ignores nothing need not ignore that."""


@record(kw_only=True)
class Fix:
    """`edits` replace text. In the tags of `cell`, `new` takes the place of `old`: an empty `old` adds it, an empty `new` removes the old one."""

    title: str
    edits: tuple[Edit, ...] = ()
    cell: CellId | None = None
    old: str = ""
    new: str = ""
    mutes: bool = False
    """It only keeps the finding from being said."""

    def apply_to(self, tags: Iterable[str]) -> list[str]:
        """Return a cell's tags, as written, after the fix."""
        changed = [self.new if self.old and tag.strip() == self.old else tag for tag in tags]
        return list(dict.fromkeys(tag for tag in (*changed, "" if self.old else self.new) if tag))

    def apply_to_settings(self, settings: Mapping[str, object]) -> dict[str, object]:
        """Return a cell's settings after the fix: a diagnostic can be ignored there too."""
        verb, _, code = self.old.partition(":")
        if verb != "ignore" or self.new or verb not in settings:
            return dict(settings)
        ignored = settings[verb]
        left = [each for each in (ignored if isinstance(ignored, list) else [ignored]) if str(each).upper() != code.upper()]
        return {key: (left if key == verb else value) for key, value in settings.items() if key != verb or left}


def fixes_of(diagnostic: Diagnostic) -> Iterator[Fix]:
    """Offer the fixes of a finding, the best first."""
    rule = diagnostic.violation
    if diagnostic.edits:
        yield Fix(title=rule.text(rule.fix), edits=diagnostic.edits)
    if diagnostic.span is None:
        return
    cell = diagnostic.span.cell
    if diagnostic.code == "NB201" and rule.text("{nearest}") and diagnostic.span.end.line == diagnostic.span.start.line:
        yield Fix(title=rule.text("write `{nearest}`"), edits=(Edit(diagnostic.span, rule.text("{nearest}")),))
    if diagnostic.code == "NB003":
        yield Fix(title="leave this cell out (`skip`)", cell=cell, new="skip")
    instead = _instead(diagnostic)
    if instead is not None:
        old, new = instead
        yield Fix(title=f"write `{new}`" if new else f"remove `{old}`", cell=cell, old=old, new=new)
    if diagnostic.code not in _NEVER_IGNORED:
        yield Fix(title=f"ignore {diagnostic.code} in this cell", cell=cell, new=f"ignore:{diagnostic.code}", mutes=True)


def _instead(diagnostic: Diagnostic) -> tuple[str, str] | None:
    """Return the tag that a finding is about and what should stand there; an empty text removes it."""
    text = diagnostic.violation.text
    if diagnostic.code == "NB101":
        return text("{tag}"), text("{nearest}")
    if diagnostic.code == "NB103":
        return f"step:{text('{name}')}", f"step:{text('{suggestion}')}"
    if diagnostic.code == "NB109":
        return f"ignore:{text('{suppressed}')}", ""
    if diagnostic.code == "NB113":
        translated = translate(text("{tag}"))
        return None if translated is None else (text("{tag}"), translated)
    return None
