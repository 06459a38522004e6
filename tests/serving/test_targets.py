"""Plans: deterministic, valid by schema, and refused where a target would silently do something else."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time

import jsonschema
import pytest
import yaml

from jupyter_mlops.errors import EnvironmentProblem
from jupyter_mlops.serving.rollout.store import Version
from jupyter_mlops.serving.server.batching import Batching
from jupyter_mlops.serving.targets import kserve, tf_serving
from jupyter_mlops.serving.targets.plan import Served, apply, plan

STABLE = Served(3, "s3://models/churn/3", 90, "stable")
CANARY = Served(4, "s3://models/churn/4", 10, "canary")

# The fields of KServe's InferenceService that we write, after its published CRD (serving.kserve.io_inferenceservices.yaml, 0.21): anything
# else is refused, so that a misspelt field cannot pass as it would on a cluster that prunes.
_MODEL = {
    "type": "object",
    "required": ["modelFormat", "storageUri"],
    "additionalProperties": False,
    "properties": {
        "modelFormat": {"type": "object", "required": ["name"], "additionalProperties": False, "properties": {"name": {"type": "string"}}},
        "storageUri": {"type": "string"},
    },
}
_PERCENT = {"type": "integer", "minimum": 0, "maximum": 100}
_PREDICTOR = {"model": _MODEL, "serviceAccountName": {"type": "string"}}
INFERENCE_SERVICE = {
    "type": "object",
    "required": ["apiVersion", "kind", "metadata", "spec"],
    "additionalProperties": False,
    "properties": {
        "apiVersion": {"const": "serving.kserve.io/v1beta1"},
        "kind": {"const": "InferenceService"},
        "metadata": {"type": "object", "required": ["name", "namespace"]},
        "spec": {
            "type": "object",
            "required": ["predictor"],
            "additionalProperties": False,
            "properties": {
                "predictor": {
                    "type": "object",
                    "required": ["model"],
                    "additionalProperties": False,
                    "properties": {**_PREDICTOR, "canaryTrafficPercent": _PERCENT},
                },
                "canary": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["trafficPercent", "predictor"],
                        "additionalProperties": False,
                        "properties": {
                            "trafficPercent": _PERCENT,
                            "predictor": {
                                "type": "object",
                                "required": ["name", "model"],
                                "additionalProperties": False,
                                "properties": {**_PREDICTOR, "name": {"type": "string"}},
                            },
                        },
                    },
                },
            },
        },
    },
}


def _service(mode, *versions):
    return yaml.safe_load(plan("kserve", "churn", versions, mode=mode).files["inferenceservice.yaml"])


@pytest.mark.parametrize("mode", ["standard", "knative"])
@pytest.mark.parametrize("versions", [(Served(3, "s3://models/churn/3"),), (STABLE, CANARY)])
def test_an_inference_service_fits_the_schema(mode, versions):
    jsonschema.validate(_service(mode, *versions), INFERENCE_SERVICE)


def test_each_kserve_mode_gets_its_own_canary_field():
    standard, knative = _service("standard", STABLE, CANARY)["spec"], _service("knative", STABLE, CANARY)["spec"]
    assert [(each["trafficPercent"], each["predictor"]["name"]) for each in standard["canary"]] == [(10, "v4")]
    assert standard["predictor"]["model"]["storageUri"].endswith("/3")
    assert "canaryTrafficPercent" not in standard["predictor"]
    assert (knative["predictor"]["canaryTrafficPercent"], knative["predictor"]["model"]["storageUri"]) == (10, "s3://models/churn/4")
    assert "canary" not in knative


@pytest.mark.parametrize("mode", ["standard", "knative"])
def test_each_kserve_mode_refuses_the_other_s_field(mode):
    document = _service("knative" if mode == "standard" else "standard", STABLE, CANARY)
    document["metadata"]["annotations"]["serving.kserve.io/deploymentMode"] = mode.capitalize()
    with pytest.raises(ValueError, match="KServe ignores"):
        kserve.check_mode(document)


def test_kserve_refuses_a_folder_of_this_machine():
    with pytest.raises(ValueError, match="KServe cannot fetch"):
        plan("kserve", "churn", (Served(1, "/models/churn/1"),))


def test_a_deployment_fits_kubernetes_schemas():
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own imports
        import kubernetes_validate
    text = plan("kubernetes", "churn", (STABLE, CANARY), claim="models", batching=Batching()).files["serving.yaml"]
    documents = list(yaml.safe_load_all(text))
    assert [document["kind"] for document in documents] == ["ConfigMap", "Deployment", "Service"]
    for document in documents:
        kubernetes_validate.validate(document, "1.33", strict=True)


def test_the_same_model_gives_the_same_bytes():
    assert str(plan("kubernetes", "churn", (STABLE, CANARY))) == str(plan("kubernetes", "churn", (STABLE, CANARY)))


def test_tf_serving_s_own_parser_reads_the_configuration():
    text_format = pytest.importorskip("google.protobuf.text_format")
    pytest.importorskip("tensorflow_serving")
    from tensorflow_serving.config import model_server_config_pb2

    made = plan("tf-serving", "churn", (STABLE, CANARY), batching=Batching(16, allowed_batch_sizes=(4, 16)))
    read = text_format.Parse(made.files["models.config"], model_server_config_pb2.ModelServerConfig()).model_config_list.config[0]
    assert (read.base_path, list(read.model_version_policy.specific.versions)) == ("s3://models/churn", [3, 4])
    assert dict(read.version_labels) == {"stable": 3, "canary": 4}
    assert made.files["batching.config"].splitlines()[0] == "max_batch_size { value: 16 }"
    assert "--enable_batching=true" in made.command


def test_a_label_moves_between_loading_the_new_version_and_dropping_the_old():
    both, moved, alone = tf_serving.steps("churn", STABLE, CANARY)
    assert [both.count("versions:"), moved.count("versions:"), alone.count("versions:")] == [2, 2, 1]
    assert "value: 3" in both
    assert "value: 4" in moved
    assert "value: 4" in alone


def test_shares_that_do_not_sum_to_100_are_refused():
    with pytest.raises(ValueError, match="sum to 110 %"):
        plan("kserve", "churn", (Served(1, "s3://m/1"), CANARY))


def test_a_missing_kubectl_is_said_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("kubectl") is None
    with pytest.raises(EnvironmentProblem, match="`kubectl` is not installed here"):
        apply(plan("kserve", "churn", (Served(1, "s3://m/1"),)), tmp_path)
    with pytest.raises(EnvironmentProblem, match="`tensorflow_model_server` is not installed here"):
        tf_serving.find_binary()


def test_tf_serving_without_its_binary_is_one_sentence(tmp_path, monkeypatch):
    from jupyter_mlops.serving.rollout.deploy import deploy

    monkeypatch.setenv("NB2PIPE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EnvironmentProblem, match=r"^`tensorflow_model_server` is not installed here"):
        deploy("/models/churn/3", name="churn", version=3, target="tf-serving")
    assert not (tmp_path / "serving").exists()


def test_an_installed_tf_serving_is_started_once_and_reads_what_changes(tmp_path, monkeypatch):
    from jupyter_mlops.serving.rollout.deploy import deploy

    binary = tmp_path / "tensorflow_model_server"
    binary.write_text(
        f"#!{sys.executable}\nimport sys, time\nopen('arguments', 'a').write(' '.join(sys.argv[1:]) + '\\n')\ntime.sleep(600)\n"
    )
    binary.chmod(0o755)
    monkeypatch.setenv("NB2PIPE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    folder = tmp_path / "serving" / "tf-serving" / "churn"
    planned = deploy(
        Version("4", "", "/models/churn/4"), name="churn", target="tf-serving", rollout={"steps": ["10%", "100%"]},
        stable=Version("3", "", "/models/churn/3"), options={"batching": Batching(max_batch_size=8)},
    )  # fmt: skip
    pid = int((folder / "pid").read_text())
    try:
        end = time.monotonic() + 60
        while not ((folder / "arguments").is_file() and (folder / "arguments").read_text().endswith("\n")):
            assert time.monotonic() < end
        assert "--model_config_file=models.config" in (folder / "arguments").read_text()
        assert 'key: "canary"' in (folder / "models.config").read_text()
        assert "max_batch_size { value: 8 }" in (folder / "batching.config").read_text()
        assert planned.apply("stable") == f"process {pid} reads its new configuration"
        assert "versions: 3" not in (folder / "models.config").read_text()
        with pytest.raises(ValueError, match="there is no stage `half`"):
            planned.apply("half")
    finally:
        os.kill(pid, signal.SIGKILL)
        tf_serving._started.pop().wait()


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Installs a package with one deployer, by its metadata on the path."""

    def install(name, place):
        info = tmp_path / f"{name.replace('-', '_')}_deployer-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}-deployer\nVersion: 1\n")
        (info / "entry_points.txt").write_text(f"[jupyter_mlops.deployers]\n{name} = {place}\n")
        monkeypatch.syspath_prepend(str(tmp_path))

    return install


def test_a_deployer_of_another_package_is_found_by_its_name(package):
    package("ours", "jupyter_mlops.serving.targets.tf_serving:plan")
    assert plan("ours", "churn", (Served(3, "/models/churn/3"),)).target == "tf-serving"


def test_two_claims_on_one_name_are_an_error_that_names_both(package):
    package("kserve", "elsewhere.kserve:plan")
    with pytest.raises(EnvironmentProblem, match=r"the target `kserve` is claimed by `elsewhere\.kserve:plan` and `jupyter_mlops\.serving"):
        plan("kserve", "churn", (STABLE, CANARY))
