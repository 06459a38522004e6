"""A model's zip archive → the same without dates and memory addresses, so that equal models give equal bytes."""

from __future__ import annotations

import os
import re
import zipfile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def normalize(path: str) -> None:
    """Rewrite an archive of Keras or skops in place."""
    numbers: dict[bytes, str] = {}

    def number(match: Any) -> Any:
        return match[1] + numbers.setdefault(match[2], str(len(numbers))).encode()

    with zipfile.ZipFile(path) as old, zipfile.ZipFile(path + ".new", "w") as new:
        for name in sorted(old.namelist(), key="schema.json".__ne__):  # first what says how objects are referred to: by address
            data = old.read(name)
            if name in ("schema.json", "config.json"):
                data = re.sub(rb'("(?:__id__|file|shared_object_id)": "?)([\w-]+)', number, data)
            if name == "metadata.json":
                data = re.sub(rb'("date_saved": )"[^"]*"', rb'\1""', data)
            stem, dot, suffix = name.partition(".")
            new.writestr(zipfile.ZipInfo(numbers.get(stem.encode(), stem) + dot + suffix), data)
    os.replace(path + ".new", path)
