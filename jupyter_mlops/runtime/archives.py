"""A zip archive → the same without dates, so that equal models give equal bytes."""

from __future__ import annotations

import json
import os
import shutil
import zipfile


def undate(path: str) -> None:
    """Rewrite an archive in place."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(path + ".new", "w") as new:
        for name in old.namelist():
            with old.open(name) as source, new.open(zipfile.ZipInfo(name), "w", force_zip64=True) as target:
                if name == "metadata.json":  # Keras writes the date there as well
                    target.write(json.dumps({**json.load(source), "date_saved": ""}).encode())
                else:
                    shutil.copyfileobj(source, target)
    os.replace(path + ".new", path)
