"""Two runs → what differs between them: parameters, metrics, steps, outputs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jupyter_mlops.server.running.keys import step_keys
from jupyter_mlops.server.running.places import find
from jupyter_mlops.server.runs import whole_run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jupyter_mlops.server.context import Context


def compare(context: Context, left: str, right: str) -> dict[str, Any]:
    """Compare two runs, of the same notebook or of two; what only one of them has counts as different."""
    places = [find(context, left), find(context, right)]
    one, other = (whole_run(context, place) for place in places)
    return {
        "left": one["summary"],
        "right": other["summary"],
        "parameters": _rows(one["summary"]["parameters"], other["summary"]["parameters"]),
        "metrics": _rows(*({f"{each['step']}.{each['name']}": each["value"] for each in run["metrics"]} for run in (one, other))),
        "steps": _steps(*({step["label"]: step for step in run["steps"]} for run in (one, other)), *map(step_keys, places)),
    }


def _rows(left: Mapping[str, Any], right: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "left": json.dumps(left[name], ensure_ascii=False) if name in left else "",
            "right": json.dumps(right[name], ensure_ascii=False) if name in right else "",
            "same": name in left and name in right and left[name] == right[name],
            "change": right[name] - left[name] if _is_number(left.get(name)) and _is_number(right.get(name)) else None,
        }
        for name in dict.fromkeys([*left, *right])
    ]


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _steps(
    left: Mapping[str, Any], right: Mapping[str, Any], left_keys: Mapping[str, str], right_keys: Mapping[str, str]
) -> list[dict[str, Any]]:
    found = []
    for label in dict.fromkeys([*left, *right]):
        one, other = left.get(label), right.get(label)
        keys = left_keys.get(label), right_keys.get(label)
        found.append(
            {
                "label": label,
                "left": one and one["state"],
                "right": other and other["state"],
                "left_seconds": one["seconds"] if one else 0.0,
                "right_seconds": other["seconds"] if other else 0.0,
                "outputs": _unlike(one, other),
                "code": None if None in keys else keys[0] == keys[1],
            }
        )
    return found


def _unlike(left: Mapping[str, Any] | None, right: Mapping[str, Any] | None) -> list[str]:
    """List the ports whose content differs, as far as it is known on both sides."""
    one, other = ({each["port"]: each["digest"] for each in step["artifacts"]} if step else {} for step in (left, right))
    if left is None or right is None:
        return sorted({*one, *other})
    return [port for port in dict.fromkeys([*one, *other]) if one.get(port) and other.get(port) and one[port] != other[port]]
