"""The table of all diagnostics: code → class; nothing is imported until it is asked for.

Codes are never renumbered and never used again. Four small sets say which part of the product reports a rule.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from nb2pipe.diagnostics.model import Violation

CATALOGUE: dict[str, str] = {
    "NB001": "nb2pipe.rules.nb001:NotANotebook",
    "NB002": "nb2pipe.rules.nb002:UnsupportedFormat",
    "NB003": "nb2pipe.rules.nb003:CellDoesNotParse",
    "NB004": "nb2pipe.rules.nb004:NonPythonKernel",
    "NB005": "nb2pipe.rules.nb005:UnsupportedMagic",
    "NB006": "nb2pipe.rules.nb006:DuplicateCellId",
    "NB007": "nb2pipe.rules.nb007:LargeNotebook",
    "NB008": "nb2pipe.rules.nb008:NoCode",
    "NB101": "nb2pipe.rules.nb101:UnknownTag",
    "NB102": "nb2pipe.rules.nb102:ConflictingTags",
    "NB103": "nb2pipe.rules.nb103:StepNameUnusable",
    "NB104": "nb2pipe.rules.nb104:SplitStep",
    "NB105": "nb2pipe.rules.nb105:TagOnTextCell",
    "NB106": "nb2pipe.rules.nb106:UntaggedCodeCell",
    "NB107": "nb2pipe.rules.nb107:ParametersNotLiteral",
    "NB108": "nb2pipe.rules.nb108:EmptyStep",
    "NB109": "nb2pipe.rules.nb109:UnusedSuppression",
    "NB110": "nb2pipe.rules.nb110:ControlNameMissing",
    "NB111": "nb2pipe.rules.nb111:ForeignTag",
    "NB112": "nb2pipe.rules.nb112:TagValueUnusable",
    "NB113": "nb2pipe.rules.nb113:KaleTag",
    "NB114": "nb2pipe.rules.nb114:TagWithoutEffect",
    "NB115": "nb2pipe.rules.nb115:KaleFeatureMissing",
    "NB116": "nb2pipe.rules.nb116:SettingUnusable",
    "NB117": "nb2pipe.rules.nb117:NoStep",
    "NB201": "nb2pipe.rules.nb201:NameReadBeforeDefinition",
    "NB202": "nb2pipe.rules.nb202:DependencyCycle",
    "NB203": "nb2pipe.rules.nb203:OutOfOrderExecution",
    "NB204": "nb2pipe.rules.nb204:MaybeUndefined",
    "NB205": "nb2pipe.rules.nb205:ShadowedInput",
    "NB206": "nb2pipe.rules.nb206:DeletedNameCrossesStep",
    "NB207": "nb2pipe.rules.nb207:MutationCrossesStep",
    "NB208": "nb2pipe.rules.nb208:StarImport",
    "NB209": "nb2pipe.rules.nb209:DynamicNames",
    "NB210": "nb2pipe.rules.nb210:ConditionalValueEscapes",
    "NB211": "nb2pipe.rules.nb211:FanOutCarriesValue",
    "NB212": "nb2pipe.rules.nb212:ExitStepReadsValue",
    "NB213": "nb2pipe.rules.nb213:NameOfDeletedCell",
    "NB214": "nb2pipe.rules.nb214:CellRunAgain",
    "NB301": "nb2pipe.rules.nb301:LocalFile",
    "NB302": "nb2pipe.rules.nb302:AbsolutePath",
    "NB303": "nb2pipe.rules.nb303:UnseededRandomness",
    "NB304": "nb2pipe.rules.nb304:WallClock",
    "NB305": "nb2pipe.rules.nb305:SecretLiteral",
    "NB306": "nb2pipe.rules.nb306:ShellEscape",
    "NB307": "nb2pipe.rules.nb307:RandomStateRestarts",
    "NB308": "nb2pipe.rules.nb308:EvaluationOnTrainingData",
    "NB309": "nb2pipe.rules.nb309:FitBeforeSplit",
    "NB310": "nb2pipe.rules.nb310:TransformationOutsideModel",
    "NB311": "nb2pipe.rules.nb311:SplitIgnoresTime",
    "NB401": "nb2pipe.rules.nb401:UnserializableValue",
    "NB402": "nb2pipe.rules.nb402:PickleFallback",
    "NB403": "nb2pipe.rules.nb403:UntypedOutput",
    "NB404": "nb2pipe.rules.nb404:UnusedOutput",
    "NB501": "nb2pipe.rules.nb501:UnpinnedRequirement",
    "NB502": "nb2pipe.rules.nb502:ImportWithoutDistribution",
    "NB503": "nb2pipe.rules.nb503:PythonMismatch",
    "NB601": "nb2pipe.rules.nb601:GateMetricNotProduced",
    "NB602": "nb2pipe.rules.nb602:DeployWithoutGate",
    "NB603": "nb2pipe.rules.nb603:NoServingSignature",
    "NB604": "nb2pipe.rules.nb604:DriftWithoutReference",
    "NB605": "nb2pipe.rules.nb605:GateWithoutProblem",
    "NB701": "nb2pipe.rules.nb701:CapabilityMissing",
    "NB702": "nb2pipe.rules.nb702:NameNotAllowed",
    "NB703": "nb2pipe.rules.nb703:ResourceNotExpressible",
    "NB704": "nb2pipe.rules.nb704:SizeOverBudget",
    "NB705": "nb2pipe.rules.nb705:RuntimeOverBudget",
    "NB706": "nb2pipe.rules.nb706:CannotExport",
    "NB801": "nb2pipe.rules.nb801:InputMissing",
    "NB802": "nb2pipe.rules.nb802:EncodingMismatch",
    "NB803": "nb2pipe.rules.nb803:StepRaised",
    "NB804": "nb2pipe.rules.nb804:GateRejected",
    "NB901": "nb2pipe.rules.nb901:BrokenInvariant",
}

PREVIEW = frozenset(("NB601",))
"""Known by name and page, but no pass reports them yet."""

BY_BACKEND = frozenset({"NB701", "NB702", "NB703", "NB704", "NB705", "NB706"})
"""Reported when a backend writes a pipeline, or `nb2pipe export` a project, not by looking at the notebook alone."""

BY_CONTAINER = frozenset({"NB801", "NB802", "NB803", "NB804"})
"""Printed by the step runtime, which knows the code and the words but shares no code with the compiler."""

BY_VERIFIER = frozenset({"NB901"})
"""Our own bugs: raised as `InternalError`, never a finding about the notebook."""


def rule(code: str) -> type[Violation]:
    """Load the class of a code; `KeyError` when there is none."""
    module, _, name = CATALOGUE[code].partition(":")
    loaded: type[Violation] = getattr(import_module(module), name)
    return loaded


def make(code: str, **fields: str | int) -> Violation:
    """Construct a violation by its code, for code that stands below the rules."""
    loaded: Callable[..., Violation] = rule(code)
    return loaded(**fields)


def page(code: str) -> str:
    """Read the Markdown page of a code, as `nb2pipe explain` prints it; `KeyError` when there is none."""
    from importlib.resources import files  # only `explain` pays for it

    package, _, name = CATALOGUE[code].partition(":")[0].rpartition(".")
    return files(package).joinpath(f"{name}.md").read_text(encoding="utf-8")


def status(code: str) -> str:
    """Say where a rule is in its life: `stable` or `preview`."""
    return "preview" if code in PREVIEW else "stable"
