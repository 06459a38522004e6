"""What a backend writes: files as text, nothing on disk yet."""

from __future__ import annotations

from nb2pipe.record import record


@record(kw_only=True)
class GeneratedFile:
    """One file of a bundle; `path` is relative, with slashes: pathlib would cost start-up."""

    path: str
    text: str


@record(kw_only=True)
class Bundle:
    """The output of one backend; `entry` is the file to hand to the orchestrator."""

    backend: str
    files: tuple[GeneratedFile, ...]
    entry: str

    @property
    def entry_text(self) -> str:
        """Return the content of the entry."""
        return next(file.text for file in self.files if file.path == self.entry)
