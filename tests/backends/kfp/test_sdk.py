"""The KFP SDK as the judge: it parses and loads what we write, and shares the traps that our validator knows.

Without postponed annotations, since the SDK reads those of its components.
"""

import pytest
import yaml

from nb2pipe.backends.kfp.validator import validate

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def parse(sdk):
    """Parse documents strictly into the protobuf, each Kubernetes setting into its own message."""
    from google.protobuf import json_format
    from kfp.kubernetes import kubernetes_executor_config_pb2 as kubernetes
    from kfp.pipeline_spec import pipeline_spec_pb2 as spec

    def strictly(documents: list[dict]) -> None:
        json_format.ParseDict(documents[0], spec.PipelineSpec())
        json_format.ParseDict(documents[0]["deploymentSpec"], spec.PipelineDeploymentConfig())
        for platform in documents[1:]:
            json_format.ParseDict(platform, spec.PlatformSpec())
            for executor in platform["platforms"]["kubernetes"]["deploymentSpec"]["executors"].values():
                json_format.ParseDict(executor, kubernetes.KubernetesExecutorConfig())

    return strictly


def test_protobuf_parses_every_feature(feature, documents, parse):
    """Every field is one of the protobuf's, and every value has its type."""
    parse(documents(feature))


def test_sdk_loads_every_feature(feature, kfp, sdk):
    """The SDK takes the file for a pipeline with the pipeline's parameters."""
    component = sdk.components.load_component_from_text(kfp.emit(feature).files[0].text)
    assert set(component.component_spec.inputs or {}) == {parameter.name for parameter in feature.parameters}
    assert component.component_spec.implementation.graph is not None


def test_sdk_writes_the_same_document_again(feature, kfp, documents, plain, sdk, tmp_path):
    """Loaded and compiled again by the SDK, the meaning is unchanged: nothing was ignored on the way."""
    component = sdk.components.load_component_from_text(kfp.emit(feature).files[0].text)
    sdk.compiler.Compiler().compile(component, str(tmp_path / "again.yaml"))
    text = (tmp_path / "again.yaml").read_text(encoding="utf-8")
    # Its own comment at the top quotes defaults without heeding line ends.
    again = list(yaml.safe_load_all(text[text.index("\ncomponents:") :]))
    assert plain(again) == plain(documents(feature))


def test_the_sdk_makes_text_of_items_of_unknown_type(sdk, parts, tmp_path):
    """Without a type for its items, the SDK's own list gives text where a component wants a number, which the driver refuses."""

    @sdk.dsl.pipeline(name="program")
    def program(depths: list = [2, 4], seed: int = 3):  # noqa: B006
        loaded = parts.load(seed=seed)
        with sdk.dsl.ParallelFor(depths) as depth:
            parts.train(raw=loaded.outputs["raw"], depth=depth)

    sdk.compiler.Compiler().compile(program, str(tmp_path / "program.yaml"))
    [problem] = validate(list(yaml.safe_load_all((tmp_path / "program.yaml").read_text(encoding="utf-8"))))
    assert (problem.kind, problem.message) == ("type-mismatch", "a STRING is given where a NUMBER_INTEGER is declared")


def test_the_sdk_retry_default_is_a_trap(sdk, parts, tmp_path):
    """The SDK's own default of one hour is the trap that the validator knows."""

    @sdk.dsl.pipeline(name="program")
    def program(seed: int = 3):
        parts.load(seed=seed).set_retry(2)

    sdk.compiler.Compiler().compile(program, str(tmp_path / "program.yaml"))
    [problem] = validate(list(yaml.safe_load_all((tmp_path / "program.yaml").read_text(encoding="utf-8"))))
    assert (problem.path, problem.kind) == ("root.dag.tasks.load.retryPolicy.backoffMaxDuration", "retry-cap")
