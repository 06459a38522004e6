"""An address → the files that it names, read or fetched, each with its digest."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import Any

from jupyter_mlops.data.addresses import Address, file_system, without_secrets
from jupyter_mlops.data.content import Item, fetch, is_data, read_here
from jupyter_mlops.errors import EnvironmentProblem


def items_of(address: Address, version: str | None, options: dict[str, Any] | None) -> tuple[list[Item], str]:
    """Read all files of an address.

    Returns
    -------
    list of Item, str
        The files, sorted by name, and the version that the store calls them by ("" where it has none).

    Raises
    ------
    FileNotFoundError
        If there is nothing.
    ValueError
        If a version is asked of a store that keeps none.
    EnvironmentProblem
        If the store does not answer, or refuses.
    """
    if address.protocol == "dvc":
        from jupyter_mlops.data.dvc import dvc_items

        return dvc_items(address, version, options)
    if address.protocol == "file":
        if version:
            raise ValueError(f"a local file has no `version={version}`; pin it by `digest=`")
        return _local(address), ""
    try:
        return _remote(address, version, options)
    except (FileNotFoundError, ValueError, EnvironmentProblem):
        raise
    except Exception as error:  # each store has its own exceptions, and their texts may hold what must not be shown
        said = without_secrets(f"{type(error).__name__}: {error}".replace(address.uri, address.shown))
        hint = "see that the store is reachable and that the credentials are set"
        raise EnvironmentProblem(f"`{address.shown}` cannot be read: {said}", hint=hint) from None


def _local(address: Address) -> list[Item]:
    path = Path(address.path)
    if path.is_dir():
        found = [(each, each.relative_to(path).as_posix()) for each in sorted(path.rglob("*")) if each.is_file()]
        found = [(each, name) for each, name in found if is_data(name)]
    elif path.is_file():
        return [read_here(path, path.name)]
    else:
        base = _base(address.path)
        matches = sorted(glob.glob(address.path, recursive=True))  # noqa: PTH207 - a pattern may be absolute, which `Path.glob` refuses
        found = [(Path(each), os.path.relpath(each, base)) for each in matches if Path(each).is_file()]
    if not found:
        raise FileNotFoundError(f"there is no data at `{address.shown}`")
    return [read_here(each, name) for each, name in found]


def _remote(address: Address, version: str | None, options: dict[str, Any] | None) -> tuple[list[Item], str]:
    system = file_system(address, _versioned(address, version, options))
    path, ref = address.path, ""
    if address.protocol == "lakefs":
        path, ref = _with_ref(address.path, version)
    place = address.uri if address.protocol in ("http", "https") else path
    reading = {"version_id": version} if version and address.protocol in ("s3", "s3a") else {}
    found = _names(system, place, single=bool(reading))
    if not found:
        raise FileNotFoundError(f"there is no data at `{address.shown}`")
    where = address.shown if not ref else f"lakefs://{path}"
    items = [fetch(system, each, name, address=where, version=(version or "") if reading else "", reading=reading) for each, name in found]
    return items, ref or (items[0].version if len(items) == 1 else "")


def _versioned(address: Address, version: str | None, options: dict[str, Any] | None) -> dict[str, Any]:
    given = dict(options or {})
    if address.protocol in ("s3", "s3a"):
        given.setdefault("version_aware", True)
    elif version and address.protocol != "lakefs":
        raise ValueError(f"`{address.protocol}://` is read without `version=`; pin it by `digest=`")
    return given


def _with_ref(path: str, version: str | None) -> tuple[str, str]:
    """Put the version in the place of the ref of ``repository/ref/path``."""
    repository, _, rest = path.partition("/")
    ref, _, inner = rest.partition("/")
    if not (repository and ref and inner):
        raise ValueError(f"`lakefs://{path}` is not `lakefs://repository/ref/path`")
    ref = version or ref
    return f"{repository}/{ref}/{inner}", ref


def _names(system: Any, place: str, *, single: bool) -> list[tuple[str, str]]:
    """List the files at a place, each with its name in the data set."""
    if single:
        return [(place, place.rsplit("/", 1)[-1])]
    if "://" in place:  # HTTP lists nothing
        return [(place, place.partition("?")[0].rstrip("/").rsplit("/", 1)[-1])] if system.exists(place) else []
    if glob.has_magic(place):
        base = _base(place)
        return [(each, os.path.relpath(each, base)) for each in sorted(system.glob(place)) if system.isfile(each)]
    place = place.rstrip("/")
    found = sorted(str(each) for each in system.find(place))
    if found == [place]:
        return [(place, place.rsplit("/", 1)[-1])]
    named = [(each, each.removeprefix(place).lstrip("/")) for each in found]
    return [(each, name) for each, name in named if is_data(name)]


def _base(pattern: str) -> str:
    """Give the folder above the first wildcard."""
    parts = pattern.split("/")
    first = next((at for at, part in enumerate(parts) if glob.has_magic(part)), len(parts) - 1)
    return "/".join(parts[:first]) or ("/" if pattern.startswith("/") else ".")
