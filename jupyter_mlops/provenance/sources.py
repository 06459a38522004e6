"""The cell that is running → its name and the digest of its source, which is kept once per digest for the difference of two runs."""

from __future__ import annotations

import linecache
import os
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from jupyter_mlops.place import Place, Where, home, kernel_shell

if TYPE_CHECKING:
    from pathlib import Path


def keep_source(place: Place) -> tuple[str, str, int]:
    """Give the cell's name (``churn.ipynb#5``), the digest of its source and how often the kernel has executed; keep the source.

    What is not known is "" or 0. Nothing here can fail: a source that cannot be kept is only missing from a difference.
    """
    source, count = _source(place)
    name = f"{place.notebook}#{place.cell}" if place.cell else place.notebook
    if not source:
        return name, "", count
    digest = sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
    keep(source, digest)
    return name, f"sha256:{digest}", count


def keep(source: str, digest: str, *, home_folder: Path | None = None) -> None:
    """Write a source under its digest, once."""
    folder = os.path.join(os.fspath(home_folder or home()), "lineage", "sources")  # noqa: PTH118 - pathlib's cost would be most of an event's
    path = f"{folder}/{digest}"
    if os.path.exists(path):  # noqa: PTH110
        return
    try:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        partial = f"{path}.{os.getpid()}"
        with open(partial, "w", encoding="utf-8", errors="surrogatepass") as file:  # noqa: PTH123
            file.write(source)
        os.replace(partial, path)  # noqa: PTH105
    except OSError:  # a read-only project: the event itself will warn
        return


def kept(digest: str, *, home_folder: Path | None = None) -> str | None:
    """Give the source of a digest, or None."""
    try:
        return ((home_folder or home()) / "lineage" / "sources" / digest.removeprefix("sha256:")).read_text("utf-8", "surrogatepass")
    except OSError:
        return None


def _source(place: Place) -> tuple[str, int]:
    if place.where is Where.STEP:
        name = f"{place.notebook} › cell {place.cell} (step {place.step})"
        entry: Any = linecache.cache.get(name)
        return ("".join(entry[2]).strip("\n") + "\n" if entry and len(entry) > 2 else ""), 0
    shell = kernel_shell()
    if shell is None:
        return "", 0
    typed = getattr(getattr(shell, "history_manager", None), "input_hist_raw", None)  # `In` has magics translated
    inputs = typed or shell.user_ns.get("In") or [""]
    text = str(inputs[-1]).strip("\n")  # as a step has it
    return f"{text}\n" if text else "", int(getattr(shell, "execution_count", 0))
