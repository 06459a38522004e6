"""The safe fixes of `nb2pipe check --fix`: tags are rewritten in place, every other byte of the notebook stays."""

from __future__ import annotations

import json


def fix_tags(path: str) -> int:
    """Write Kale's tags as ours; return how many cells changed. What is no notebook of format 4 is left alone.

    Raises
    ------
    Nb2PipeError
        When the file cannot be read or written.
    """
    from nb2pipe.errors import Nb2PipeError
    from nb2pipe.frontend.tags import translate
    from nb2pipe.frontend.write import write_tags

    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 - pathlib costs start-up
            document = json.load(file)
    except OSError as error:
        raise Nb2PipeError(f"cannot read `{path}`: {(error.strerror or str(error)).lower()}", hint="check the path") from error
    except (ValueError, RecursionError):
        return 0
    cells = document.get("cells") if isinstance(document, dict) else None
    changes: dict[int, list[str]] = {}
    for index, cell in enumerate(cells if isinstance(cells, list) else []):
        tags = _tags(cell)
        fixed = [ours if (ours := translate(tag)) is not None else tag for tag in tags]
        if fixed != tags:
            changes[index] = list(dict.fromkeys(fixed))
    if changes:
        write_tags(path, changes)
    return len(changes)


def _tags(cell: object) -> list[str]:
    metadata = cell.get("metadata") if isinstance(cell, dict) else None
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
