"""A model and its versions → a Deployment and a Service that run TF Serving on Kubernetes, without root and without privileges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jupyter_mlops.serving.targets.plan import Plan
from jupyter_mlops.serving.targets.tf_serving import write_batching, write_config
from jupyter_mlops.serving.targets.yaml_text import write_yaml

if TYPE_CHECKING:
    from jupyter_mlops.serving.server.batching import Batching
    from jupyter_mlops.serving.targets.plan import Served

IMAGE = "tensorflow/serving:2.19.1"
CONFIG = "/etc/tf-serving"
PORTS = {"grpc": 8500, "rest": 8501}


def plan(
    model: str,
    versions: tuple[Served, ...],
    *,
    namespace: str = "default",
    replicas: int = 2,
    image: str = IMAGE,
    cpu: str = "1",
    memory: str = "2Gi",
    claim: str = "",
    mount: str = "/models",
    batching: Batching | None = None,
) -> Plan:
    """Make Deployment, Service and configuration.

    Parameters
    ----------
    claim, mount : str
        A PersistentVolumeClaim with the models, and where it appears; without one, TF Serving reads the versions' URIs itself.
    cpu, memory : str
        Requests and limits, as Kubernetes writes them.

    Raises
    ------
    ValueError
        If the versions do not lie under one base path.
    """
    name, labels = f"{model}-serving", {"app.kubernetes.io/name": "tf-serving", "app.kubernetes.io/instance": model}
    config = {"models.config": write_config(model, versions)}
    if batching is not None:
        config["batching.config"] = write_batching(batching.check())
    meta = {"name": name, "namespace": namespace, "labels": labels}
    container = _container(model, image, cpu, memory, batched=batching is not None)
    pod: dict[str, Any] = {
        "securityContext": {"runAsNonRoot": True, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container],
        "volumes": [{"name": "config", "configMap": {"name": name}}],
    }
    if claim:
        container["volumeMounts"].append({"name": "models", "mountPath": mount, "readOnly": True})
        pod["volumes"].append({"name": "models", "persistentVolumeClaim": {"claimName": claim, "readOnly": True}})
    template = {"metadata": {"labels": labels}, "spec": pod}
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    ports = [{"name": key, "port": port, "targetPort": key} for key, port in PORTS.items()]
    text = write_yaml(
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": config},
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta, "spec": spec},
        {"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": {"selector": labels, "ports": ports}},
    )
    notes = ("TF Serving does not split traffic: clients choose a version by its label",) if len(versions) > 1 else ()
    return Plan("kubernetes", {"serving.yaml": text}, ("kubectl", "apply", "-f", "serving.yaml"), notes)


def _container(model: str, image: str, cpu: str, memory: str, *, batched: bool) -> dict[str, Any]:
    arguments = [f"--port={PORTS['grpc']}", f"--rest_api_port={PORTS['rest']}", f"--model_config_file={CONFIG}/models.config"]
    arguments += ["--model_config_file_poll_wait_seconds=10", "--allow_version_labels_for_unavailable_models=true"]
    if batched:
        arguments += ["--enable_batching=true", f"--batching_parameters_file={CONFIG}/batching.config"]
    resources = {"cpu": cpu, "memory": memory}
    return {
        "name": "tf-serving",
        "image": image,
        "command": ["/usr/bin/tensorflow_model_server"],
        "args": arguments,
        "ports": [{"name": key, "containerPort": port} for key, port in PORTS.items()],
        "readinessProbe": {"httpGet": {"path": f"/v1/models/{model}", "port": "rest"}, "periodSeconds": 5},
        "resources": {"requests": resources, "limits": resources},
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        "volumeMounts": [{"name": "config", "mountPath": CONFIG, "readOnly": True}],
    }
