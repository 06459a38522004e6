"""The argument of one tag → its value: names, durations, Kubernetes quantities, pairs.

Every reader returns what distinguishes a tag that may be repeated (``env:A=1`` and ``env:B=2``) and its value, or raises
`Unusable` with what was expected. Patterns are plain texts: `re` compiles and keeps the few that a notebook needs.
"""

from __future__ import annotations

import re
from keyword import iskeyword

from nb2pipe.ir.pipeline import Accelerator, ArtifactType, Report, Secret, Toleration, Volume

Value = tuple[str, object]

STEP_NAME = r"[A-Za-z_][A-Za-z0-9_-]{0,62}"
DURATION = r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?"
CPU = r"\d+(?:\.\d{1,3})?|\d+m"
SIZE = r"\d+(?:\.\d+)?(?:[KMGTPE]i|[kMGTPE])"
RESOURCE = r"(?=.{1,253}/)[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?/[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
DNS_NAME = r"[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?"
LABEL_KEY = rf"(?:{DNS_NAME}/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{{0,61}}[A-Za-z0-9])?"
LABEL_VALUE = r"(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?"
SECRET_KEY = r"[-._A-Za-z0-9]{1,253}"
VARIABLE = r"[A-Za-z_][A-Za-z0-9_]*"
IMAGE = (
    r"(?:(?:(?:localhost|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)(?::\d+)?|[A-Za-z0-9-]+:\d+)/)?"  # host
    r"[a-z0-9]+(?:[._/-]+[a-z0-9]+)*"  # repository
    r"(?::[A-Za-z0-9_][-A-Za-z0-9_.]{0,127})?(?:@sha256:[0-9a-f]{64})?"
)
ENCODING = r"[a-z0-9][a-z0-9._+-]*"
SECONDS = (86_400, 3_600, 60, 1)
KINDS = {
    "metrics": ArtifactType.METRICS,
    "classification": ArtifactType.CLASSIFICATION_METRICS,
    "html": ArtifactType.HTML,
    "markdown": ArtifactType.MARKDOWN,
}


class Unusable(ValueError):
    """An argument cannot be used; the text says what was expected, as it stands in a message."""


def read_argument(verb: str, argument: str) -> Value:
    """Read the argument of a verb: what tells repeated tags apart (empty when there may be only one), and the value.

    Raises
    ------
    Unusable
        With what was expected.
    """
    match verb:
        case "gpu":
            return "", _accelerator(argument)
        case "cpu" | "memory" | "disk":
            return "", _quantity(verb, argument)
        case "retry":
            return "", _retries(argument)
        case "timeout":
            return "", _seconds(argument, "a duration, such as `timeout:90s`, `timeout:15m` or `timeout:2h`")
        case "cache":
            return "", _cache(argument)
        case "image":
            return "", _matching(IMAGE, argument, "an image, such as `image:python:3.12-slim`")
        case "foreach" | "when":
            return "", _identifier(argument, f"the name of a value, such as `{verb}:{'items' if verb == 'foreach' else 'good'}`")
        case "after":
            return _matching(STEP_NAME, argument, "the name of a step, such as `after:load`"), None
        case "metrics" | "classification" | "html" | "markdown":
            return _identifier(argument, f"the name of a value, such as `{verb}:result`"), _report(verb, argument)
        case "ignore":
            return _code(argument), None
        case _:
            return _pair(verb, argument)


def _pair(verb: str, argument: str) -> Value:
    match verb:
        case "encoding":
            name, _, encoding = argument.partition("=")
            expected = "a name and an encoding, such as `encoding:table=parquet`"
            return _identifier(name, expected), _matching(ENCODING, encoding, expected)
        case "env":
            name, equals, value = argument.partition("=")
            if not equals:
                raise Unusable("a variable and its value, such as `env:MODE=fast`")
            return _matching(VARIABLE, name, "a variable of letters, digits and `_`, such as `env:MODE=fast`"), value
        case "node":
            key, equals, value = argument.partition("=")
            expected = "a node label and its value, such as `node:pool=gpu`"
            return _matching(LABEL_KEY, key, expected), _matching(LABEL_VALUE, value if equals else " ", expected)
        case "label":
            key, colon, value = argument.partition(":")
            expected = "a Kubernetes label, such as `label:team:fraud`"
            return _matching(LABEL_KEY, key, expected), _matching(LABEL_VALUE, value if colon else " ", expected)
        case "annotation":
            key, colon, value = argument.partition(":")
            if not colon:
                raise Unusable("a key and a value, such as `annotation:owner:Ada`")
            return _matching(LABEL_KEY, key, "a Kubernetes annotation, such as `annotation:owner:Ada`"), value
        case "secret":
            return _secret(argument)
        case "volume":
            return _volume(argument)
        case _:
            return _toleration(argument)


def _matching(pattern: str, text: str, expected: str) -> str:
    if not re.fullmatch(pattern, text):
        raise Unusable(expected)
    return text


def _identifier(text: str, expected: str) -> str:
    if not text.isidentifier() or iskeyword(text):
        raise Unusable(expected)
    return text


def _accelerator(argument: str) -> Accelerator | None:
    resource, _, count = argument.rpartition(":")
    resource = resource or "nvidia.com/gpu"
    if not re.fullmatch(r"\d{1,3}", count) or not re.fullmatch(RESOURCE, resource):
        raise Unusable("a number of devices, such as `gpu:1` or `gpu:amd.com/gpu:2`")
    return Accelerator(resource=resource, count=int(count)) if int(count) else None


def _quantity(verb: str, argument: str) -> str:
    expected = {"cpu": "cores, such as `cpu:2` or `cpu:500m`"}.get(verb, f"a size with its unit, such as `{verb}:4Gi`")
    _matching(CPU if verb == "cpu" else SIZE, argument, expected)
    if not argument.strip("0.mkKMGTPEi"):
        raise Unusable(f"more than nothing, such as `{verb}:{'1' if verb == 'cpu' else '4Gi'}`")
    return argument


def _retries(argument: str) -> int:
    if not re.fullmatch(r"\d{1,2}", argument):
        raise Unusable("a number of further attempts from 0 to 99, such as `retry:3`")
    return int(argument)


def _seconds(argument: str, expected: str) -> int:
    found = re.fullmatch(DURATION, argument)
    seconds = sum(int(part or 0) * unit for part, unit in zip(found.groups(), SECONDS, strict=True)) if found else 0
    if not 0 < seconds < 2**31:
        raise Unusable(expected)
    return seconds


def _cache(argument: str) -> bool | int:
    if argument in {"on", "off"}:
        return argument == "on"
    return _seconds(argument, "`cache:on`, `cache:off` or how long a result is good for, such as `cache:7d`")


def _report(verb: str, name: str) -> Report:
    return Report(port=f"{name}-{verb}", name=name, kind=KINDS[verb])


def _code(argument: str) -> str:
    from nb2pipe.diagnostics.catalogue import CATALOGUE
    from nb2pipe.frontend.nearest import nearest

    code = argument.upper()
    if code not in CATALOGUE:
        close = nearest(code, CATALOGUE)
        raise Unusable(f"the code of a diagnostic, such as `ignore:{close or 'NB301'}`")
    return code


def _secret(argument: str) -> Value:
    expected = "a secret, its key and a variable, such as `secret:database:password:DB_PASSWORD`"
    parts = argument.split(":")
    if len(parts) != 3:
        raise Unusable(expected)
    secret, key, variable = parts
    _matching(DNS_NAME, secret, expected)
    _matching(SECRET_KEY, key, expected)
    _matching(VARIABLE, variable, expected)
    return variable, Secret(secret=secret, key=key, variable=variable)


def _volume(argument: str) -> Value:
    expected = "a claim and an absolute path, such as `volume:data:/data` or `volume:data:/data:ro`"
    parts = argument.split(":")
    if len(parts) not in {2, 3} or (len(parts) == 3 and parts[2] != "ro"):
        raise Unusable(expected)
    claim, path = parts[:2]
    _matching(DNS_NAME, claim, expected)
    if not path.startswith("/") or path == "/" or ".." in path.split("/") or not path.isprintable():
        raise Unusable(expected)
    return path.rstrip("/"), Volume(claim=claim, path=path.rstrip("/"), read_only=len(parts) == 3)


def _toleration(argument: str) -> Value:
    expected = "a taint, such as `toleration:nvidia.com/gpu` or `toleration:pool=gpu:NoSchedule`"
    taint, colon, effect = argument.partition(":")
    effect = effect if colon else "NoSchedule"
    if effect not in {"NoSchedule", "PreferNoSchedule", "NoExecute"}:
        raise Unusable(expected)
    key, equals, value = taint.partition("=")
    _matching(LABEL_KEY, key, expected)
    _matching(LABEL_VALUE, value, expected)
    return f"{key}:{effect}", Toleration(key=key, operator="Equal" if equals else "Exists", value=value, effect=effect)


def suggested_step_name(name: str) -> str:
    """Make the step name that comes nearest to what was written."""
    from unicodedata import normalize

    plain = normalize("NFKD", name).encode("ascii", "ignore").decode()
    usable = re.sub(r"[^A-Za-z0-9_-]+", "_", plain).strip("_-")[:60]
    return usable if re.fullmatch(STEP_NAME, usable) else f"step_{usable}".rstrip("_")
