"""A model and its shares → a KServe InferenceService, in the way of the cluster's deployment mode.

Standard mode (KServe 0.20 and later) splits traffic by ``spec.canary``, a list of predictors with a ``trafficPercent``. Knative mode splits it
by ``spec.predictor.canaryTrafficPercent`` between the last two revisions. Each mode ignores the other's field without a word, so a document
that has the wrong one is refused here.

Source
------
KServe, serving.kserve.io/v1beta1 InferenceService; kserve/kserve #5335, #5912
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.serving.targets.plan import Plan
from jupyter_mlops.serving.targets.yaml_text import write_yaml

if TYPE_CHECKING:
    from jupyter_mlops.serving.targets.plan import Served

MODES = {"standard": "Standard", "knative": "Knative"}
ANNOTATION = "serving.kserve.io/deploymentMode"
SCHEMES = ("s3://", "gs://", "pvc://", "https://", "http://", "hf://", "oci://")


def plan(
    model: str,
    versions: tuple[Served, ...],
    *,
    mode: str = "standard",
    namespace: str = "default",
    service_account: str = "",
    image_format: str = "tensorflow",
) -> Plan:
    """Make the InferenceService.

    Raises
    ------
    ValueError
        For an unknown mode, more than one canary, or a URI that KServe cannot fetch.
    """
    if mode not in MODES:
        raise ValueError(f"there is no KServe mode `{mode}`; expected standard or knative")
    if len(versions) > 2:
        raise ValueError(f"{len(versions)} versions of `{model}` share traffic; expected a stable one and at most one canary")
    for each in versions:
        if not each.uri.startswith(SCHEMES):
            raise ValueError(f"KServe cannot fetch `{each.uri}`; expected a URI that begins with {', '.join(SCHEMES)}")
    stable, canary = versions[0], versions[1] if len(versions) == 2 else None
    spec: dict[str, Any] = {"predictor": _predictor(stable, service_account, image_format)}
    notes: tuple[str, ...] = ()
    if canary is not None and mode == "standard":
        predictor = {"name": f"v{canary.version}", **_predictor(canary, service_account, image_format)}
        spec["canary"] = [{"trafficPercent": canary.share, "predictor": predictor}]
        notes = ("standard mode splits traffic by Gateway API routes: the cluster needs KServe 0.20 or later with a gateway",)
    if canary is not None and mode == "knative":
        spec["predictor"] = {"canaryTrafficPercent": canary.share, **_predictor(canary, service_account, image_format)}
        notes = (
            f"Knative splits traffic with the revision that is ready now: version {stable.version} must be in force before this is applied",
        )
    document = {
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {"name": model, "namespace": namespace, "annotations": {ANNOTATION: MODES[mode]}},
        "spec": spec,
    }
    check_mode(document)
    return Plan("kserve", {"inferenceservice.yaml": write_yaml(document)}, ("kubectl", "apply", "-f", "inferenceservice.yaml"), notes)


def check_mode(document: dict[str, Any]) -> None:
    """Refuse a document whose traffic split its mode would ignore.

    Raises
    ------
    ValueError
        If a standard service has `canaryTrafficPercent`, or a Knative one `spec.canary`.
    """
    mode = document["metadata"].get("annotations", {}).get(ANNOTATION, "")
    spec = document["spec"]
    if mode != MODES["knative"] and "canaryTrafficPercent" in spec["predictor"]:
        raise ValueError("KServe ignores `canaryTrafficPercent` in standard mode; split traffic by `spec.canary`")
    if mode == MODES["knative"] and "canary" in spec:
        raise ValueError("KServe ignores `spec.canary` in Knative mode; split traffic by `canaryTrafficPercent`")
    if sum(entry["trafficPercent"] for entry in spec.get("canary", [])) > 100:
        raise ValueError("the canaries' `trafficPercent` sum to more than 100")


def _predictor(served: Served, service_account: str, image_format: str) -> dict[str, Any]:
    account = {"serviceAccountName": service_account} if service_account else {}
    return {**account, "model": {"modelFormat": {"name": image_format}, "storageUri": served.uri}}
