"""An address of data → the file system that serves it, and the address as it may be shown: without credentials, without paths of this machine."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from jupyter_mlops.errors import EnvironmentProblem
from jupyter_mlops.provenance.secrecy import redacted

PACKAGES = {
    "s3": "s3fs",
    "s3a": "s3fs",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "abfs": "adlfs",
    "abfss": "adlfs",
    "az": "adlfs",
    "http": "aiohttp",
    "https": "aiohttp",
    "hf": "huggingface_hub",
    "lakefs": "lakefs-spec",
}
"""What to install for each kind of address."""


class Address(NamedTuple):
    """An address in parts: its kind ("file" for a plain path), and what the file system calls the place."""

    uri: str
    protocol: str
    path: str

    @property
    def shown(self) -> str:
        """The address for people and for lineage."""
        if self.protocol in ("file", "dvc"):
            return ("" if self.protocol == "file" else "dvc://") + _near(self.path)
        return without_secrets(self.uri)


def parse(uri: str | os.PathLike[str]) -> Address:
    """Split an address.

    Raises
    ------
    TypeError
        If it is no text and no path.
    ValueError
        If it is empty.
    """
    text = os.fspath(uri)
    if not isinstance(text, str):
        raise TypeError(f"an address is a text, not `{text!r}`")
    if not text.strip():
        raise ValueError("the address is empty; expected a path or a URI such as `s3://bucket/data.parquet`")
    protocol, mark, rest = text.partition("://")
    if not mark:
        return Address(text, "file", text)
    if protocol == "file":
        return Address(text, "file", rest)
    return Address(text, protocol.lower(), rest)


def without_secrets(text: str) -> str:
    """Take user names, passwords and signed queries out of any text."""
    found = urlsplit(text) if re.match(r"[\w+.-]+://\S+$", text) else None
    if found is not None and found.scheme in ("http", "https"):
        text = urlunsplit((found.scheme, found.netloc, found.path, "", ""))
    return redacted(text)


def _near(path: str) -> str:
    """Show a local path relative to here, or by its name alone."""
    whole = Path(path).absolute()
    try:
        return whole.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return whole.name


def file_system(address: Address, options: dict[str, Any] | None = None) -> Any:
    """Open the file system of an address.

    Raises
    ------
    EnvironmentProblem
        If the package for such addresses is not installed, or it cannot be set up.
    """
    from jupyter_mlops.errors import need

    fsspec = need("fsspec", "data")
    if address.protocol == "lakefs":
        from jupyter_mlops.data.lakefs import open_lakefs

        return open_lakefs(options or {})
    try:
        return fsspec.filesystem(address.protocol, **{**_asynchronous(address.protocol), **(options or {})})
    except (ImportError, ValueError) as error:
        package = PACKAGES.get(address.protocol)
        if package is None or (isinstance(error, ValueError) and "rotocol" not in str(error)):
            said = without_secrets(str(error))
            raise EnvironmentProblem(
                f"`{address.protocol}://` cannot be read: {said}", hint="name a kind of address that fsspec knows"
            ) from None
        raise EnvironmentProblem(
            f"reading `{address.protocol}://` needs `{package}`, which is not installed", hint=f"pip install {package}"
        ) from None


def _asynchronous(protocol: str) -> dict[str, Any]:
    # A listing that fsspec remembers would hide what has changed since, in a kernel that lives for days.
    return {"use_listings_cache": False} if protocol in PACKAGES else {}
