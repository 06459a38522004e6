"""A step's Kubernetes settings → its entry in the PlatformSpec, the second document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.ir.pipeline import Toleration

if TYPE_CHECKING:
    from nb2pipe.emit.yaml import Json
    from nb2pipe.ir.pipeline import Secret, Step, Volume

SHARED_MEMORY_PATH = "/dev/shm"  # noqa: S108 - where Linux keeps shared memory, inside the step's container
# Cluster operators taint nodes by vendor, not by the slice of a device.
_TAINTS = ("nvidia.com/gpu", "amd.com/gpu", "gpu.intel.com/i915")


def pod_spec(step: Step) -> dict[str, Json]:
    """Build the executor's Kubernetes settings; empty when the step needs none."""
    policy = step.policy
    spec: dict[str, Json] = {}
    if policy.secrets:
        spec["secretAsEnv"] = [_secret(secret) for secret in policy.secrets]
    if policy.volumes:
        spec["pvcMount"] = [_volume(volume) for volume in policy.volumes]
    if step.resources.accelerator and all(volume.path.rstrip("/") != SHARED_MEMORY_PATH for volume in policy.volumes):
        # Data loaders of the deep-learning libraries pass batches through shared memory, of which a container has 64 MB by default.
        spec["emptyDirMounts"] = [{"volumeName": "shared-memory", "mountPath": SHARED_MEMORY_PATH, "medium": "Memory"}]
    if policy.node_selector:
        spec["nodeSelector"] = {"labels": dict(policy.node_selector)}
    tolerations = _tolerations(step)
    if tolerations:
        spec["tolerations"] = tolerations
    metadata: dict[str, Json] = {}
    if policy.labels:
        metadata["labels"] = dict(policy.labels)
    if policy.annotations:
        metadata["annotations"] = dict(policy.annotations)
    if metadata:
        spec["podMetadata"] = metadata
    if policy.timeout_seconds is not None:
        spec["activeDeadlineSeconds"] = policy.timeout_seconds
    return spec


def taint_key(resource: str) -> str:
    """The taint that keeps other pods off nodes with this device.

    Examples
    --------
    >>> taint_key("nvidia.com/mig-1g.10gb")
    'nvidia.com/gpu'
    """
    vendor = resource.partition("/")[0]
    return next((taint for taint in _TAINTS if taint.partition("/")[0] == vendor), resource)


def _tolerations(step: Step) -> list[Json]:
    wanted = list(step.policy.tolerations)
    accelerator = step.resources.accelerator
    if accelerator and all(toleration.key != taint_key(accelerator.resource) for toleration in wanted):
        wanted.append(Toleration(key=taint_key(accelerator.resource)))
    return [_toleration(toleration) for toleration in wanted]


def _toleration(toleration: Toleration) -> dict[str, Json]:
    fields = {"key": toleration.key, "operator": toleration.operator, "value": toleration.value, "effect": toleration.effect}
    return {name: text for name, text in fields.items() if text}


def _secret(secret: Secret) -> dict[str, Json]:
    # Both the old and the new form of the name, as the SDK writes them: servers before 2.15 know only the old one.
    return {
        "secretName": secret.secret,
        "secretNameParameter": {"runtimeValue": {"constant": secret.secret}},
        "keyToEnv": [{"secretKey": secret.key, "envVar": secret.variable}],
        "optional": False,
    }


def _volume(volume: Volume) -> dict[str, Json]:
    return {
        "constant": volume.claim,
        "pvcNameParameter": {"runtimeValue": {"constant": volume.claim}},
        "mountPath": volume.path,
    }
