"""dvc://path/in/repository → its files, found by the MD5 that DVC wrote down; DVC itself is not needed.

Read are ``PATH.dvc`` and ``dvc.lock`` (of the working tree, or of a Git revision), the cache, and the default remote. Layouts of DVC 2
(``ab/cdef…``) and 3 (``files/md5/ab/cdef…``). Source: DVC documentation, "DVC files and directories", "dvc.lock", "Internal directories".
"""

from __future__ import annotations

import configparser
import hashlib
import json
import subprocess
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from jupyter_mlops.data.addresses import Address, file_system, parse, without_secrets
from jupyter_mlops.data.content import Item, fetch, read_here
from jupyter_mlops.errors import EnvironmentProblem, need


class Output(NamedTuple):
    """One tracked file or folder: its path in the repository, and the MD5 of its bytes, or of its list of files (``….dir``)."""

    path: PurePosixPath
    md5: str


class Repository(NamedTuple):
    """A DVC repository: its root, and its settings as `configparser` reads them."""

    root: Path
    settings: configparser.ConfigParser

    def caches(self) -> list[Path]:
        """Give the places of the local cache, newest layout first."""
        named = self.settings.get("cache", "dir", fallback="cache")
        folder = (self.root / ".dvc" / named).resolve()
        return [folder / "files" / "md5", folder]

    def remote(self) -> tuple[str, dict[str, Any]] | None:
        """Give the default remote's address and options."""
        name = self.settings.get("core", "remote", fallback="")
        section = f"'remote \"{name}\"'"
        if not name or not self.settings.has_section(section):
            return None
        kept = dict(self.settings[section])
        url = kept.pop("url")
        if "://" not in url:
            url = str((self.root / ".dvc" / url).resolve())
        names = {"endpointurl": "endpoint_url", "access_key_id": "key", "secret_access_key": "secret", "session_token": "token"}
        return url, {names[key]: value for key, value in kept.items() if key in names}


def dvc_items(address: Address, version: str | None, options: dict[str, Any] | None) -> tuple[list[Item], str]:
    """Read what DVC tracks at a path.

    Returns
    -------
    list of Item, str
        The files, and the MD5 by which DVC knows the output.

    Raises
    ------
    FileNotFoundError
        If DVC does not track the path, or neither cache nor remote has its content.
    EnvironmentProblem
        If the path is in no DVC repository, or Git cannot give the revision.
    """
    target = Path(address.path).absolute()
    root = next((each for each in target.parents if (each / ".dvc").is_dir()), None)
    if root is None:
        raise EnvironmentProblem(f"`{address.path}` is in no DVC repository", hint="give a path below a folder that holds `.dvc`")
    settings = configparser.ConfigParser(interpolation=None)
    settings.read([root / ".dvc" / "config", root / ".dvc" / "config.local"], encoding="utf-8")
    repository = Repository(root, settings)
    wanted = PurePosixPath(target.relative_to(root).as_posix())
    output = _output(repository, wanted, version)
    if not output.md5.endswith(".dir"):
        return [_item(repository, output.md5, wanted.name, options)], output.md5
    listed = json.loads(_item(repository, output.md5, "folder.json", options).local.read_text(encoding="utf-8"))
    inside = {str(output.path / each["relpath"]): each["md5"] for each in listed}
    if str(wanted) in inside:
        return [_item(repository, inside[str(wanted)], wanted.name, options)], inside[str(wanted)]
    below = {path: md5 for path, md5 in sorted(inside.items()) if PurePosixPath(path).is_relative_to(wanted)}
    if not below:
        raise FileNotFoundError(f"DVC's `{output.path}` holds no `{wanted}`")
    items = [_item(repository, md5, PurePosixPath(path).relative_to(wanted).as_posix(), options) for path, md5 in below.items()]
    return items, output.md5


def _output(repository: Repository, wanted: PurePosixPath, version: str | None) -> Output:
    """Find the output that is, or holds, a path: in ``PATH.dvc`` of it or of a folder above, else in a ``dvc.lock`` above."""
    yaml = need("yaml", "data")  # its BaseLoader reads texts only: an MD5 of digits stays one
    for path in (wanted, *wanted.parents[:-1]):
        text = _text(repository, f"{path}.dvc", version)
        for out in (yaml.load(text, Loader=yaml.BaseLoader) or {}).get("outs", ()) if text else ():
            if path.parent / out["path"] == path and out.get("md5"):
                return Output(path, str(out["md5"]))
    for folder in wanted.parents:
        text = _text(repository, str(folder / "dvc.lock"), version)
        stages = (yaml.load(text, Loader=yaml.BaseLoader) or {}).get("stages", {}) if text else {}
        for out in (out for stage in stages.values() for out in stage.get("outs", ())):
            if wanted.is_relative_to(folder / out["path"]) and out.get("md5"):
                return Output(folder / out["path"], str(out["md5"]))
    at = f" at `{version}`" if version else ""
    raise FileNotFoundError(f"DVC tracks no `{wanted}`{at}: there is no `{wanted}.dvc`, and no `dvc.lock` names it")


def _text(repository: Repository, name: str, version: str | None) -> str:
    """Read a file of the working tree or of a Git revision; "" if there is none."""
    if not version:
        path = repository.root / name
        return path.read_text(encoding="utf-8") if path.is_file() else ""
    git = ["git", "-C", str(repository.root)]
    known = subprocess.run(
        [*git, "rev-parse", "--verify", "--quiet", "--end-of-options", version + "^{commit}"], capture_output=True, check=False
    )
    if known.returncode:
        raise EnvironmentProblem(f"Git knows no revision `{version}` here", hint="git fetch --tags")
    commit = known.stdout.decode().strip()
    shown = subprocess.run([*git, "show", f"{commit}:./{name}"], capture_output=True, check=False)
    return shown.stdout.decode() if shown.returncode == 0 else ""


def _item(repository: Repository, md5: str, name: str, options: dict[str, Any] | None) -> Item:
    """Find content by its MD5: in the cache, else in the remote; bytes that do not fit their MD5 are refused."""
    inner = f"{md5[:2]}/{md5[2:]}"
    for folder in repository.caches():
        if (folder / inner).is_file():
            return _checked(read_here(folder / inner, name), md5)
    remote = repository.remote()
    if remote is None:
        raise FileNotFoundError(f"`{name}` (MD5 {md5}) is not in DVC's cache, and no default remote is set; expected after `dvc pull`")
    address, settings = parse(remote[0]), remote[1]
    system = file_system(address, {**settings, **(options or {})})
    for layout in (f"files/md5/{inner}", inner):
        path = f"{address.path.rstrip('/')}/{layout}"
        if system.exists(path):
            return _checked(fetch(system, path, name, address=f"{without_secrets(address.uri)}/{layout}"), md5)
    raise FileNotFoundError(
        f"`{name}` (MD5 {md5}) is neither in DVC's cache nor in its remote `{address.shown}`; expected after `dvc push`"
    )


def _checked(item: Item, md5: str) -> Item:
    with item.local.open("rb") as file:
        found = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    if found == md5.removesuffix(".dir"):
        return item
    text = item.local.read_bytes().replace(b"\r\n", b"\n")  # DVC 2 took the digest of text with the line ends of Unix
    if hashlib.md5(text, usedforsecurity=False).hexdigest() == md5:
        return item
    raise ValueError(f"the copy of `{item.name}` has MD5 {found}, and DVC wrote {md5}: the cache or the remote is damaged")
