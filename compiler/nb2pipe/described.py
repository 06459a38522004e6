"""The grammar of tags in words: every tag with an example and a sentence, every field of the form that an editor makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.frontend.tags import FLAGS, VERBS
from nb2pipe.record import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nb2pipe.source import CellId

Value = str | bool | tuple[str, ...] | None
"""What a field says: a text, a flag, a list; None when it is empty."""


@record()
class Described:
    """One tag: an example of it, and what it means in a sentence."""

    shape: str
    help: str


@record()
class Field:
    """One field of the form: `kind` is ``"text"``, ``"number"``, ``"choice"``, ``"flag"`` or ``"list"``; `choices` are values with titles.

    Of a ``"choice"`` they are all there are, of others they are suggestions.
    """

    name: str
    title: str
    kind: str
    group: str
    help: str
    placeholder: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@record(kw_only=True)
class TaggedCell:
    """A cell's tags, as they are written, and its settings."""

    id: CellId
    tags: tuple[str, ...]
    settings: Mapping[str, object]


TAGS = {
    "step": Described("step:NAME", "starts the step NAME, or goes on with it"),
    "parameters": Described("parameters", "top-level literals of this cell become parameters of the pipeline"),
    "setup": Described("setup", "definitions and settings that all steps share"),
    "skip": Described("skip", "exploration, not in the pipeline"),
    "validate": Described("validate", "this step judges data"),
    "gate": Described("gate", "this step decides: an assertion that fails stops the pipeline there"),
    "deploy": Described("deploy", "this step puts something into service"),
    "monitor": Described("monitor", "this step watches what is in service"),
    "gpu": Described("gpu:1", "so many devices, NVIDIA's when no resource is named, as in `gpu:amd.com/gpu:2`"),
    "cpu": Described("cpu:2", "cores, or thousandths of one as in `cpu:500m`"),
    "memory": Described("memory:4Gi", "memory, with a unit"),
    "disk": Described("disk:10Gi", "disk space, with a unit"),
    "image": Described("image:python:3.12-slim", "the image that the step runs in"),
    "retry": Described("retry:3", "so many further attempts when it fails"),
    "timeout": Described("timeout:2h", "stopped after that, as in `timeout:90s` or `timeout:1d12h`"),
    "cache": Described("cache:off", "whether, and for how long, an earlier result with the same code and inputs will do"),
    "after": Described("after:STEP", "not before STEP has ended, although no value goes from one to the other"),
    "foreach": Described("foreach:NAME", "once for each item of the list NAME, side by side"),
    "when": Described("when:NAME", "only if NAME is true"),
    "on-exit": Described("on-exit", "at the end, whether the others succeeded or not"),
    "raises-exception": Described("raises-exception", "when this cell raises, the step shows the traceback and goes on with the next cell"),
    "metrics": Described("metrics:NAME", "the number, or the dict of numbers, NAME as metrics"),
    "classification": Described("classification:NAME", "NAME as a confusion matrix"),
    "html": Described("html:NAME", "the text NAME as a page"),
    "markdown": Described("markdown:NAME", "the text NAME as a page"),
    "encoding": Described("encoding:NAME=arrow-frame", "how NAME is written when it leaves the step, instead of what its type suggests"),
    "secret": Described("secret:database:password:DB_PASSWORD", "one key of a Kubernetes secret as an environment variable"),
    "volume": Described("volume:data:/data", "a volume claim that exists, mounted there; `:ro` at the end to read only"),
    "env": Described("env:MODE=fast", "an environment variable"),
    "node": Described("node:pool=gpu", "only nodes with this label"),
    "toleration": Described("toleration:nvidia.com/gpu", "nodes with this taint too"),
    "label": Described("label:team:fraud", "a label on the pod"),
    "annotation": Described("annotation:owner:Ada", "an annotation on the pod"),
    "ignore": Described("ignore:NB301", "silences one diagnostic in this cell"),
}
"""Every tag there is, in the order in which people meet them."""

PLACES = (
    ("", "where the cell above is"),
    ("step", "in a step"),
    ("parameters", "parameters of the pipeline"),
    ("setup", "shared by all steps"),
    ("skip", "not in the pipeline"),
)
ROLES = (("", "none"), *((role, f"{role}: {TAGS[role].help}") for role in ("validate", "gate", "deploy", "monitor")))
ACCELERATORS = (
    ("nvidia.com/gpu", "NVIDIA GPU"),
    ("nvidia.com/mig-1g.5gb", "NVIDIA GPU, a slice of 5 GB"),
    ("nvidia.com/mig-1g.10gb", "NVIDIA GPU, a slice of 10 GB"),
    ("nvidia.com/mig-3g.20gb", "NVIDIA GPU, a slice of 20 GB"),
    ("amd.com/gpu", "AMD GPU"),
    ("gpu.intel.com/i915", "Intel GPU"),
    ("habana.ai/gaudi", "Intel Gaudi"),
    ("aws.amazon.com/neuroncore", "AWS Neuron core"),
    ("google.com/tpu", "Google TPU"),
)
CACHES = (
    ("off", "always run it"),
    ("on", "take an earlier result"),
    ("1d", "take one of the last day"),
    ("7d", "take one of the last week"),
)


def _field(verb: str, title: str, kind: str, group: str, choices: tuple[tuple[str, str], ...] = ()) -> Field:
    """Describe the field of one verb by the verb's own words."""
    shape = TAGS[verb].shape.partition(":")[2]
    return Field(verb, title, kind, group, TAGS[verb].help, shape, choices)


FIELDS = (
    Field("place", "Where its code goes", "choice", "step", "a step, or what all steps share, or nowhere", "", PLACES),
    Field("step", "Step", "text", "step", TAGS["step"].help, "train"),
    Field("role", "Role", "choice", "step", "what the step is for", "", ROLES),
    _field("gpu", "Accelerators", "number", "resources"),
    Field("gpu-resource", "Kind of accelerator", "text", "resources", "the Kubernetes resource", "nvidia.com/gpu", ACCELERATORS),
    _field("cpu", "CPU", "text", "resources"),
    _field("memory", "Memory", "text", "resources"),
    _field("disk", "Disk", "text", "resources"),
    _field("image", "Image", "text", "execution"),
    _field("retry", "Retries", "number", "execution"),
    _field("timeout", "Timeout", "text", "execution"),
    _field("cache", "Cache", "text", "execution", CACHES),
    _field("raises-exception", "May raise", "flag", "execution"),
    _field("foreach", "For each", "text", "flow"),
    _field("when", "Only if", "text", "flow"),
    _field("after", "After", "list", "flow"),
    _field("on-exit", "At the end", "flag", "flow"),
    _field("metrics", "Metrics", "list", "reports"),
    _field("classification", "Confusion matrices", "list", "reports"),
    _field("html", "HTML pages", "list", "reports"),
    _field("markdown", "Markdown pages", "list", "reports"),
    _field("encoding", "Encodings", "list", "reports"),
    _field("env", "Environment variables", "list", "environment"),
    _field("secret", "Secrets", "list", "environment"),
    _field("volume", "Volumes", "list", "environment"),
    _field("node", "Nodes", "list", "environment"),
    _field("toleration", "Tolerations", "list", "environment"),
    _field("label", "Labels", "list", "environment"),
    _field("annotation", "Annotations", "list", "environment"),
    _field("ignore", "Ignored diagnostics", "list", "execution"),
)
"""The form, in order; groups come in the order of their first fields."""


def is_flag(verb: str) -> bool:
    """Tell whether a tag is one word."""
    return verb in FLAGS


def in_words(verb: str) -> Described:
    """Describe one verb of the grammar.

    Raises
    ------
    KeyError
        When the grammar has no such verb.
    """
    if verb not in (*FLAGS, *VERBS):
        raise KeyError(verb)
    return TAGS[verb]
