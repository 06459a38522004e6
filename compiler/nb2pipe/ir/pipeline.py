"""A pipeline: steps, what crosses between them, and how each one runs. References are names, never objects."""

from __future__ import annotations

from enum import Enum

from nb2pipe.record import record
from nb2pipe.source import CellId


class ParameterType(Enum):
    """The type of a value that travels as JSON through the control plane; the value is its Python name."""

    INT = "int"
    FLOAT = "float"
    STR = "str"
    BOOL = "bool"
    LIST = "list"
    DICT = "dict"


class ArtifactType(Enum):
    """The KFP artifact types; the value is the name after ``system.``."""

    ARTIFACT = "Artifact"
    DATASET = "Dataset"
    MODEL = "Model"
    METRICS = "Metrics"
    CLASSIFICATION_METRICS = "ClassificationMetrics"
    HTML = "HTML"
    MARKDOWN = "Markdown"


class Collect(Enum):
    """How a value made once per item of a fan-out becomes one value again, as the notebook's own loop would leave it."""

    CONCATENATE = "concatenate"  # a list that each iteration extends
    MERGE = "merge"  # a dict that each iteration adds to
    LAST = "last"  # bound anew by each iteration


@record(kw_only=True)
class Parameter:
    """A pipeline parameter; `default` is canonical JSON text, or None when a value must be given."""

    name: str
    type: ParameterType
    default: str | None
    optional: bool = False  # null is a legal value
    description: str = ""


@record(kw_only=True)
class Port:
    """One thing that enters or leaves a step.

    `names` are the notebook names it carries: more than one when they may share parts, so that identity survives the border.
    With `parameter` set the value travels as a typed parameter (conditions, fan-out lists), else as an artifact of type `artifact`.
    `encoding` forces a serializer; None lets the runtime choose by the object's type. `collect` is set on an input that gathers a fan-out.
    `type` is the dotted static type when there is exactly one (``"float"``, ``"pandas.DataFrame"``): it decides which serializers travel.
    """

    name: str
    names: tuple[str, ...]
    artifact: ArtifactType = ArtifactType.ARTIFACT
    parameter: ParameterType | None = None
    encoding: str | None = None
    collect: Collect | None = None
    type: str = ""


@record(kw_only=True)
class Report:
    """A value that a step reports for people: `kind` is METRICS, CLASSIFICATION_METRICS, HTML or MARKDOWN; `name` the notebook name."""

    port: str
    name: str
    kind: ArtifactType


@record(kw_only=True)
class Gate:
    """The step stops the pipeline when its assertion fails; the comparison is kept for people when it is a simple one."""

    metric: str | None = None
    comparison: str | None = None  # one of < <= > >= == !=
    threshold: str | None = None  # source text: a literal or a name


@record(kw_only=True)
class Control:
    """Order and control flow. `foreach` and `when` name an input parameter of the step (a pipeline parameter or a parameter port)."""

    after: tuple[str, ...] = ()
    foreach: str | None = None
    when: str | None = None
    on_exit: bool = False


@record(kw_only=True)
class Secret:
    """One key of a Kubernetes secret as an environment variable."""

    secret: str
    key: str
    variable: str


@record(kw_only=True)
class Volume:
    """A persistent volume claim mounted at `path`."""

    claim: str
    path: str
    read_only: bool = False


@record(kw_only=True)
class Toleration:
    """A Kubernetes toleration."""

    key: str
    operator: str = "Exists"
    value: str = ""
    effect: str = "NoSchedule"


@record(kw_only=True)
class Policy:
    """How a step runs, whatever it computes. `cache` is True, False or a validity in seconds."""

    retries: int = 0
    timeout_seconds: int | None = None
    cache: bool | int = True
    node_selector: tuple[tuple[str, str], ...] = ()
    tolerations: tuple[Toleration, ...] = ()
    secrets: tuple[Secret, ...] = ()
    volumes: tuple[Volume, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    annotations: tuple[tuple[str, str], ...] = ()
    environment: tuple[tuple[str, str], ...] = ()


@record(kw_only=True)
class Accelerator:
    """`count` devices of a Kubernetes extended resource, such as ``nvidia.com/gpu``."""

    resource: str
    count: int


@record(kw_only=True)
class Resources:
    """Requests and limits, as Kubernetes quantities (``"2"``, ``"500m"``, ``"4Gi"``)."""

    cpu: str | None = None
    memory: str | None = None
    disk: str | None = None
    accelerator: Accelerator | None = None


class ChunkKind(Enum):
    """Where a piece of a step's body comes from, and so when it runs."""

    SHARED = "shared"  # an import, definition or setting of another cell; runs before the inputs are loaded
    DERIVED = "derived"  # the same, but it reads an input when it is defined; runs after the inputs are loaded
    CELL = "cell"  # a cell of the step
    STATE = "state"  # made here: takes the state of generators and files that leaves; runs last


@record(kw_only=True)
class Chunk:
    """Consecutive lines of one cell. `line` is the 1-based line in the cell where `text` begins."""

    kind: ChunkKind
    cell: CellId
    number: int
    line: int
    text: str
    magic: tuple[str, str] | None = None


@record(kw_only=True)
class Step:
    """One container. `cells` are the tagged cells, in order; `body` is all the code that runs, in order."""

    name: str
    cells: tuple[CellId, ...]
    body: tuple[Chunk, ...]
    inputs: tuple[Port, ...] = ()
    outputs: tuple[Port, ...] = ()
    parameters: tuple[str, ...] = ()  # pipeline parameters that the step reads
    reports: tuple[Report, ...] = ()
    displays: bool = False  # the step shows something, so it has an HTML output
    gate: Gate | None = None
    role: str | None = None  # validate, gate, deploy, monitor
    control: Control = Control()
    policy: Policy = Policy()
    resources: Resources = Resources()
    imports: tuple[str, ...] = ()  # top-level modules that the body imports, sorted
    image: str | None = None


@record(kw_only=True)
class Endpoint:
    """A port of a step."""

    step: str
    port: str


@record(kw_only=True)
class Edge:
    """A value goes from an output to an input."""

    producer: Endpoint
    consumer: Endpoint


@record(kw_only=True)
class Pipeline:
    """The whole; `steps` are in notebook order, which is a topological order unless a split step says otherwise (see `ir.order`)."""

    name: str
    notebook: str  # file name only: no path of this machine
    steps: tuple[Step, ...]
    edges: tuple[Edge, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    description: str = ""
    pickle: str = "sealed"  # or "forbid"
    runtime: str = "embed"  # or "image": the steps' images have jupyter-mlops installed
