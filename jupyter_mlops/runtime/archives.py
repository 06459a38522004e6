"""A model's zip archive → the same without dates and memory addresses, so that equal models give equal bytes."""

from __future__ import annotations

import json
import os
import re
import shutil
import zipfile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ADDRESS = re.compile(r'("(?:__id__|file)": "?)([\w-]+)')  # how skops refers to an object: an address, or a random number


def normalize(path: str) -> None:
    """Rewrite an archive of Keras or skops in place."""
    numbers: dict[str, str] = {}

    def number(match: Any) -> str:
        return str(match[1]) + numbers.setdefault(match[2], str(len(numbers)))

    with zipfile.ZipFile(path) as old, zipfile.ZipFile(path + ".new", "w") as new:
        schema = _ADDRESS.sub(number, old.read("schema.json").decode()) if "schema.json" in old.namelist() else ""
        for entry in old.infolist():
            stem, dot, suffix = entry.filename.partition(".")
            target = zipfile.ZipInfo(numbers.get(stem, stem) + dot + suffix)
            target.file_size = entry.file_size  # decides on the form of the header; forcing that form gives other bytes in other releases of Python
            with old.open(entry) as source, new.open(target, "w") as file:
                if entry.filename == "schema.json":
                    file.write(schema.encode())
                elif entry.filename == "metadata.json":  # Keras writes the date there as well
                    file.write(json.dumps({**json.load(source), "date_saved": ""}).encode())
                else:
                    shutil.copyfileobj(source, file)
    os.replace(path + ".new", path)
