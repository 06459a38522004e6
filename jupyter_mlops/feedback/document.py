"""JSON data of the schema ``nb2pipe.policy/1`` → `Policy`, and back."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from jupyter_mlops.feedback.policy import (
    KINDS,
    Condition,
    Detector,
    Measure,
    Period,
    Place,
    Policy,
    PolicyError,
    Rate,
    Scope,
    Trigger,
)


def write_document(policy: Policy) -> dict[str, Any]:
    """Give a policy as JSON data; what is left out has its default."""
    document: dict[str, Any] = {
        "schema": "nb2pipe.policy/1",
        "retrain_when": [[_condition(each) for each in trigger.conditions] for trigger in policy.triggers],
    }
    for field in dataclasses.fields(policy)[1:]:
        value = getattr(policy, field.name)
        if value != field.default:
            document[field.name] = {"amount": value.amount, "period": value.period.value} if isinstance(value, Rate) else value
    return document


def read_document(document: Mapping[str, Any]) -> Policy:
    """Read a policy from JSON data.

    Raises
    ------
    PolicyError
        With the key, what stands there and what was expected.
    """
    schema = document.get("schema", "nb2pipe.policy/1")
    if schema != "nb2pipe.policy/1":
        raise PolicyError(f"`schema` is `{schema}`; expected `nb2pipe.policy/1`")
    known = {field.name for field in dataclasses.fields(Policy)} - {"triggers"} | {"schema", "retrain_when"}
    if strange := sorted(set(document) - known):
        raise PolicyError(f"the policy has a key `{strange[0]}`; expected {', '.join(f'`{name}`' for name in sorted(known))}")
    triggers = document.get("retrain_when")
    if not isinstance(triggers, Sequence) or isinstance(triggers, str):
        raise PolicyError("`retrain_when` is missing; expected a list of triggers, each a list of conditions")
    read = []
    for at, trigger in enumerate(triggers):
        conditions = [trigger] if isinstance(trigger, Mapping) else trigger
        read.append(Trigger(tuple(_read_condition(each, f"retrain_when[{at}][{place}]") for place, each in enumerate(conditions))))
    rest: dict[str, Any] = {name: value for name, value in document.items() if name not in {"schema", "retrain_when"}}
    for name in ("at_most", "budget"):
        if name in rest:
            amount = rest[name].get("amount") if isinstance(rest[name], Mapping) else None
            rest[name] = Rate(_number(amount, f"{name}.amount"), _word(Period, rest[name].get("period"), f"{name}.period"))
    for name, kind in {"rows": int, "input_drift_retrains": bool}.items():
        if name in rest:
            _typed(kind, rest[name], name)
    if rest.get("approval_above") is not None:
        rest["approval_above"] = _number(rest["approval_above"], "approval_above")
    return Policy(triggers=tuple(read), **rest)


def _condition(condition: Condition) -> dict[str, Any]:
    kind = next(name for name, each in KINDS.items() if isinstance(condition, each))
    written: dict[str, Any] = {"kind": kind}
    for field in dataclasses.fields(condition):
        value = getattr(condition, field.name)
        if isinstance(value, Scope):
            value = {"place": value.place.value} | ({"top": value.top} if value.top else {}) | ({"name": value.name} if value.name else {})
        written[field.name] = value.value if isinstance(value, Enum) else value
    return written


def _read_condition(document: object, place: str) -> Condition:
    kind = KINDS.get(str(document.get("kind"))) if isinstance(document, Mapping) else None
    if kind is None or not isinstance(document, Mapping):
        raise PolicyError(f"`{place}` has no known `kind`; expected {', '.join(f'`{name}`' for name in KINDS)}")
    fields = {field.name: field for field in dataclasses.fields(kind)}
    if strange := sorted(set(document) - set(fields) - {"kind"}):
        raise PolicyError(f"`{place}` has a key `{strange[0]}`; expected {', '.join(f'`{name}`' for name in fields)}")
    values: dict[str, Any] = {}
    for name, field in fields.items():
        if name not in document:
            if field.default is dataclasses.MISSING:
                raise PolicyError(f"`{place}` lacks `{name}`")
            continue
        values[name] = _value(name, document[name], f"{place}.{name}")
    return kind(**values)


def _value(name: str, value: object, place: str) -> object:
    if name == "measure":
        return _word(Measure, value, place)
    if name == "detector":
        return _word(Detector, value, place)
    if name == "scope":
        if not isinstance(value, Mapping):
            raise PolicyError(f"`{place}` is {value!r}; expected a mapping with `place`")
        top, column = _typed(int, value.get("top", 0), f"{place}.top"), _typed(str, value.get("name", ""), f"{place}.name")
        return Scope(_word(Place, value.get("place"), f"{place}.place"), top, column)
    if name in {"above", "bound", "by", "days"}:
        return _number(value, place)
    return _typed({"windows": int, "metric": str}.get(name, bool), value, place)


def _number(value: object, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PolicyError(f"`{place}` is {value!r}; expected a number")
    return float(value)


def _typed(kind: type, value: object, place: str) -> Any:
    if type(value) is not kind:  # True is no number of windows
        words = {int: "a whole number", str: "text", bool: "true or false"}
        raise PolicyError(f"`{place}` is {value!r}; expected {words[kind]}")
    return value


def _word(kind: Any, value: object, place: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        raise PolicyError(f"`{place}` is {value!r}; expected {', '.join(f'`{each.value}`' for each in kind)}") from None
