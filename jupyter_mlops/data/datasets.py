"""`ml.dataset(uri)`: a place with data → a named, pinned data set that reads itself."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from jupyter_mlops.data.addresses import parse
from jupyter_mlops.data.content import Item, digest_of_items, read_here, root_of
from jupyter_mlops.provenance.origins import ORIGIN
from jupyter_mlops.report import Report, deliver

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from pathlib import Path

"""The key of ``frame.attrs`` under which a frame says what it was read from."""

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True, repr=False)
class Dataset(Report):
    """Data as it was when it was named: `digest` says which bytes, `version` what the store calls them ("" where it has no name for them)."""

    kind: ClassVar[str] = "dataset"

    name: str
    uri: str
    digest: str
    version: str
    format: str
    files: tuple[Item, ...]

    @property
    def size_bytes(self) -> int:
        """The size of all files."""
        return sum(item.size_bytes for item in self.files)

    def frame(self, columns: list[str] | None = None, *, chunks: int | None = None) -> Any:
        """Read a pandas frame, or, with `chunks`, frames of at most so many rows; each says in its `attrs` what it was read from.

        Raises
        ------
        ValueError
            If a column is not there, the format is not known, or the files have changed since they were named.
        """
        if chunks is not None and (isinstance(chunks, bool) or chunks < 1):
            raise ValueError(f"`chunks={chunks}` is not a number of rows; expected at least 1")
        self._unchanged()
        from jupyter_mlops.data.reading import format_of, frames

        parts = self._marked(frames(self.files, self.format or format_of(self.files), columns, chunks))
        return next(parts) if chunks is None else parts

    def arrow(self, columns: list[str] | None = None) -> Any:
        """Read an Arrow table. Raises as `frame`."""
        self._unchanged()
        from jupyter_mlops.data.reading import format_of, table

        return table(self.files, self.format or format_of(self.files), columns)

    def path(self) -> Path:
        """Give the file, or a folder with the files, on this machine: the place itself or a copy that nobody changes."""
        self._unchanged()
        return self.files[0].local if len(self.files) == 1 else root_of(self.files)

    def view(self) -> dict[str, Any]:
        """Give what is drawn; the columns are read when this is asked."""
        from jupyter_mlops.data.reading import format_of, schema

        try:
            form = self.format or format_of(self.files)
            columns, rows = schema(self.files, form)
        except ValueError:  # a format that we do not read is a data set none the less
            form, columns, rows = self.format, {}, None
        return {
            "title": self.name,
            "uri": self.uri,
            "digest": self.digest,
            "version": self.version,
            "format": form,
            "rows": rows,
            "columns": columns,
            "files": [{"name": item.name, "sha256": item.sha256, "size_bytes": item.size_bytes} for item in self.files[:50]],
            "file_count": len(self.files),
            "size_bytes": self.size_bytes,
        }

    def _marked(self, parts: Iterator[Any]) -> Iterator[Any]:
        for part in parts:
            part.attrs[ORIGIN] = {"name": self.name, "uri": self.uri, "digest": self.digest, "version": self.version}
            yield part

    def _unchanged(self) -> None:
        """See that every file still is what its digest says; a changed size says so at once."""
        for item in self.files:
            if (
                not item.local.is_file()
                or item.local.stat().st_size != item.size_bytes
                or read_here(item.local, item.name).sha256 != item.sha256
            ):
                raise ValueError(f"`{item.name}` of `{self.uri}` has changed since it was named; call `ml.dataset` again")


def dataset(
    uri: str | os.PathLike[str],
    *,
    version: str | None = None,
    digest: str | None = None,
    format: str | None = None,  # noqa: A002 - the word that every reader of files uses
    name: str | None = None,
    storage_options: dict[str, Any] | None = None,
) -> Dataset:
    """Name data by its content.

    All bytes are read once: the digest is the truth, whatever the store says. Remote files are copied to ``.nb2pipe/data`` while their
    digest is taken, and found there again by it.

    Parameters
    ----------
    uri : str or path
        A file, a folder or a pattern, here or at ``s3://``, ``gs://``, ``https://`` (whatever fsspec reads), ``dvc://path`` in a DVC
        repository, or ``lakefs://repository/ref/path``.
    version : str, optional
        What the store calls a version: an S3 version id, a Git revision for ``dvc://``, a ref for ``lakefs://``.
    digest : str, optional
        ``sha256:…``: refuse any other content.
    format : str, optional
        ``parquet``, ``feather``, ``csv``, ``tsv`` or ``jsonl``, where the files' names do not say.
    name : str, optional
        What people call it; the last part of `uri` unless said.
    storage_options : dict, optional
        For fsspec. Never shown and never kept.

    Returns
    -------
    Dataset
        Reads itself: `frame`, `arrow`, `path`.

    Raises
    ------
    ValueError
        If the content is not that of `digest`, or an argument cannot be.
    FileNotFoundError
        If there is nothing.
    EnvironmentProblem
        If the store does not answer, or a package for it is missing.
    """
    if digest is not None and not _DIGEST.fullmatch(digest):
        raise ValueError(f"`digest={digest}` is not `sha256:` and 64 hexadecimal digits")
    from jupyter_mlops.data.listing import items_of
    from jupyter_mlops.data.reading import FORMATS

    if format is not None and format not in FORMATS.values():
        raise ValueError(f"`format={format}` is not one of {', '.join(f'`{each}`' for each in sorted(set(FORMATS.values())))}")
    address = parse(uri)
    items, known_as = items_of(address, version, storage_options)
    found = digest_of_items(items)
    if digest is not None and found != digest:
        raise ValueError(f"the data of `{address.shown}` has changed: its digest is {found}, and {digest} was expected")
    called = name or address.shown.rstrip("/").rsplit("/", 1)[-1]
    made = Dataset(name=called, uri=address.shown, digest=found, version=known_as, format=format or "", files=tuple(sorted(items)))
    from jupyter_mlops.provenance import Entity, record

    record("dataset", inputs=(Entity("dataset", made.uri, made.digest),))
    return deliver(made)


def digest_of(frame: Any) -> str:
    """Take the digest of a frame's content: names, types, values and index, whatever it was read from.

    Rows hash one by one, so that a million rows need no second copy; equal frames have equal digests in every process.
    """
    from jupyter_mlops.errors import need

    pandas = need("pandas", "data")
    whole = hashlib.sha256(json.dumps([[str(name), str(kind)] for name, kind in frame.dtypes.items()]).encode())
    for at in range(0, max(len(frame), 1), 1 << 18):
        part = frame.iloc[at : at + (1 << 18)]
        try:
            rows = pandas.util.hash_pandas_object(part, index=True)
        except TypeError:  # cells that do not hash, such as lists
            rows = pandas.util.hash_pandas_object(part.map(repr), index=True)
        whole.update(rows.to_numpy().tobytes())
    return f"sha256:{whole.hexdigest()}"
