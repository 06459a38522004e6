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
        for name in old.namelist():
            stem, dot, suffix = name.partition(".")
            renamed = numbers.get(stem, stem) + dot + suffix
            with old.open(name) as source, new.open(zipfile.ZipInfo(renamed), "w", force_zip64=True) as target:
                if name == "schema.json":
                    target.write(schema.encode())
                elif name == "metadata.json":  # Keras writes the date there as well
                    target.write(json.dumps({**json.load(source), "date_saved": ""}).encode())
                else:
                    shutil.copyfileobj(source, target)
    os.replace(path + ".new", path)
