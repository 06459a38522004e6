"""What runs in the kernel of `verify` after the last cell of a step: the notebook's variables against what the isolated step stored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def compare(path: str, step: str, names: dict[str, Any]) -> None:
    """Compare the outputs of a step and append one answer a name to the answers file."""
    from jupyter_mlops.submit.compare import difference

    expected = json.loads(Path(path).read_text(encoding="utf-8"))
    lines = []
    for port in expected["ports"][step] or ():
        for name, stored in _stored(port).items():
            if name not in names:
                found: str | None = "it is not defined in the whole notebook"
            else:
                whole = bool(names[name]) if isinstance(stored, bool) else names[name]
                found = difference(whole, stored)
            lines.append(json.dumps({"step": step, "name": name, "difference": found}, ensure_ascii=False))
    with Path(expected["answers"]).open("a", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in lines)


def _stored(port: dict[str, Any]) -> dict[str, Any]:
    """Load what a port carries; the values of a fan-out are gathered as the steps below do it."""
    from jupyter_mlops.runtime.artifacts import load
    from jupyter_mlops.runtime.fan_in import gather

    if "values" in port:
        return {port["port"]: port["values"][-1]}
    pieces = [load(artifact["path"], artifact["metadata"], port["port"]) for artifact in port["artifacts"]]
    if port["collect"] is None:
        return pieces[0]
    return gather(pieces, list(pieces[0]) if pieces else [], port["collect"])
