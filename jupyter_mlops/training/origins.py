"""Where we are → the code that runs here, the commit, and the distributions that are installed."""

from __future__ import annotations

import hashlib
import json
import linecache
import platform
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from jupyter_mlops.place import Place, Where, kernel_shell

REPLAYED = "__replayed__"
"""The name under which a program that is made of stored code holds it."""


class Code(NamedTuple):
    """What ran: texts under the names they ran as, in order, and their digest."""

    texts: tuple[tuple[str, str], ...]

    @property
    def digest(self) -> str:
        """``sha256:…`` of the texts; names do not count, so that a moved notebook is the same code."""
        return "sha256:" + hashlib.sha256(json.dumps([text for _, text in self.texts]).encode()).hexdigest()


def code_of(place: Place) -> Code:
    """Take the code that leads here: the cells of the step, all cells that the kernel has executed, or the program's file."""
    if place.where is Where.STEP:
        end = f"(step {place.step})"
        cells = {name: "".join(entry[2]) for name, entry in linecache.cache.items() if name.endswith(end) and len(entry) > 2}
        order = sorted(cells, key=lambda name: int(re.search(r"cell (\d+)", name).group(1)))  # type: ignore[union-attr]
        return Code(tuple((name, cells[name].strip("\n")) for name in order))
    if place.where is Where.NOTEBOOK:
        executed = (kernel_shell().user_ns.get("In") or [""])[1:]
        return Code(tuple((f"{place.notebook} › execution {number}", text) for number, text in enumerate(executed, 1) if text.strip()))
    main = sys.modules.get("__main__")
    replayed: tuple[tuple[str, str], ...] | None = getattr(main, REPLAYED, None)
    if replayed is not None:
        return Code(replayed)
    file = getattr(main, "__file__", None)
    if file is None or not Path(file).is_file():
        return Code(())
    return Code(((Path(file).name, Path(file).read_text(encoding="utf-8", errors="replace")),))


def commit_here() -> str:
    """Give the Git commit of the working folder, marked ``+`` where files differ from it; "" outside of Git."""
    try:
        head = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False, timeout=10)
        if head.returncode:
            return ""
        changed = subprocess.run(
            ["git", "status", "--porcelain", "--untracked-files=no"], capture_output=True, text=True, check=False, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return head.stdout.strip() + "+" * bool(changed.stdout.strip())


def environment() -> list[str]:
    """List what is installed, ``name==version``, sorted, the interpreter first."""
    from importlib.metadata import distributions

    found = {str(each.metadata["Name"]).lower().replace("_", "-"): each.version for each in distributions() if each.metadata["Name"]}
    return [f"python=={platform.python_version()}", *(f"{name}=={version}" for name, version in sorted(found.items()))]


def pins(names: tuple[str, ...]) -> list[str]:
    """Give requirements of distributions as they are installed; those that are not are left out."""
    from importlib.metadata import PackageNotFoundError, version

    made = []
    for name in names:
        try:
            made.append(f"{name}=={version(name)}")
        except PackageNotFoundError:
            continue
    return made


def data_of(thing: Any, name: str) -> dict[str, str]:
    """Say what data is: where it was read from, if it says so, and the digest of what was given.

    Raises
    ------
    TypeError
        If it is neither a data set nor a frame.
    """
    from jupyter_mlops.data import ORIGIN, Dataset, digest_of

    if isinstance(thing, Dataset):
        return {"name": name or thing.name, "uri": thing.uri, "source": thing.digest, "content": thing.digest}
    if not hasattr(thing, "dtypes") or not hasattr(thing, "iloc"):
        raise TypeError(f"data is a pandas frame or `ml.dataset(…)`, not `{type(thing).__name__}`")
    origin = thing.attrs.get(ORIGIN, {})
    return {
        "name": name or str(origin.get("name", "data")),
        "uri": str(origin.get("uri", "")),
        "source": str(origin.get("digest", "")),
        "content": digest_of(thing),
    }
