"""Parameter values as the user gave them → values that fit the pipeline's declared types, or one sentence about what does not.

Used by every way to run a pipeline, so that a wrong value is refused here and not by a driver pod an hour later.
"""

from __future__ import annotations

import difflib
import json
import math
from typing import TYPE_CHECKING, Any

from nb2pipe.errors import Nb2PipeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jupyter_mlops.submit.plan import Parameter

_WORDS = {"int": "a whole number", "float": "a number", "str": "a text", "bool": "true or false", "list": "a list", "dict": "an object"}


def read_assignments(assignments: Iterable[str], declared: Sequence[Parameter]) -> dict[str, Any]:
    """Turn `name=value` words of a command line into typed values.

    A `str` parameter takes the text as it stands; every other type is read as JSON (`True`, `False` and `None` are understood too).

    Raises
    ------
    Nb2PipeError
        If a word has no `=`, the name is unknown, or the text does not fit the type.
    """
    types = {parameter.name: parameter for parameter in declared}
    values: dict[str, Any] = {}
    for word in assignments:
        name, equals, text = word.partition("=")
        if not equals:
            raise Nb2PipeError(f"`{word}` is not of the form name=value", hint="nb2pipe run NOTEBOOK -p name=value")
        parameter = types.get(name)
        if parameter is None:
            raise _unknown(name, declared)
        values[name] = _from_text(text, parameter)
    return values


def bind_parameters(given: Mapping[str, Any], declared: Sequence[Parameter]) -> dict[str, Any]:
    """Give every declared parameter its value: the given one, checked, or its default (which already travels in escaped form).

    Returns
    -------
    dict
        Name to JSON value, in the order of the declaration; text is brace-escaped (`nb2pipe.emit.braces`), as it travels.

    Raises
    ------
    Nb2PipeError
        For an unknown name (with the nearest one), a wrong type, or a missing value.
    """
    from nb2pipe.emit.braces import escape_value

    names = [parameter.name for parameter in declared]
    for name in given:
        if name not in names:
            raise _unknown(name, declared)
    values: dict[str, Any] = {}
    for parameter in declared:
        if parameter.name in given:
            values[parameter.name] = escape_value(check_value(given[parameter.name], parameter))
        elif not parameter.required:
            values[parameter.name] = parameter.default
        elif not parameter.optional:
            missing = [p.name for p in declared if p.required and not p.optional and p.name not in given]
            words = " ".join(f"-p {name}=VALUE" for name in missing)
            many = "parameters have" if len(missing) > 1 else "parameter has"
            raise Nb2PipeError(f"the {many} no default and no value: {', '.join(f'`{name}`' for name in missing)}", hint=f"add {words}")
    return values


def check_value(value: object, parameter: Parameter) -> Any:
    """Return the value in its canonical JSON form, or refuse it."""
    if value is None and parameter.optional:
        return None
    kind = parameter.type
    if isinstance(value, bool):
        fits = kind == "bool"
    elif isinstance(value, int):
        fits = kind in {"int", "float"}
    elif isinstance(value, float):
        fits = kind == "float" or (kind == "int" and value.is_integer())
    else:
        fits = isinstance(value, {"str": (str,), "list": (list, tuple), "dict": (dict,)}.get(kind, ()))
    if not fits:
        raise Nb2PipeError(f"parameter `{parameter.name}` is {_shown(value)}, but it takes {_WORDS.get(kind, kind)} ({kind})")
    if isinstance(value, float) and not math.isfinite(value):
        raise Nb2PipeError(f"parameter `{parameter.name}` is {value}, which JSON cannot carry: a finite number is needed")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return int(value) if kind == "int" else float(value)
    return _canonical(value, parameter)


def _canonical(value: object, parameter: Parameter) -> Any:
    try:
        return json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise Nb2PipeError(f"parameter `{parameter.name}` holds something that JSON cannot carry: {error}") from error


def _from_text(text: str, parameter: Parameter) -> Any:
    if parameter.type == "str" and not (parameter.optional and text == "null"):
        return text
    words = {"True": True, "False": False, "None": None}
    try:
        value = words[text] if text in words else json.loads(text)
    except ValueError as error:
        raise Nb2PipeError(
            f"parameter `{parameter.name}` is `{_cut(text)}`, but it takes {_WORDS.get(parameter.type, parameter.type)} ({parameter.type})"
        ) from error
    return check_value(value, parameter)


def _unknown(name: str, declared: Sequence[Parameter]) -> Nb2PipeError:
    names = [parameter.name for parameter in declared]
    nearest = difflib.get_close_matches(name, names, n=1)
    if nearest:
        return Nb2PipeError(f"the pipeline has no parameter `{name}`; the nearest is `{nearest[0]}`", hint=f"-p {nearest[0]}=VALUE")
    known = ", ".join(f"`{known}`" for known in names) or "none"
    return Nb2PipeError(f"the pipeline has no parameter `{name}`; it has {known}", hint="tag the cell that defines it `parameters`")


def _shown(value: object) -> str:
    return f"`{_cut(repr(value))}` ({type(value).__name__})"


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
