"""The field tables are the protobuf's.

When a new KFP version changes them, the failing comparison prints the new tables; `validator/tables.py` is those, one message a line.
"""

from __future__ import annotations

import pytest

from nb2pipe.backends.kfp.validator.tables import ENUMS, MESSAGES

WELL_KNOWN = {"Struct": "object", "Value": "any", "Duration": "duration"}
KINDS = {9: "string", 8: "bool", 1: "double", 5: "int", 3: "int"}


@pytest.fixture(scope="module")
def tables():
    """The tables, made from the descriptors of the installed SDK."""
    executor = pytest.importorskip("kfp.kubernetes.kubernetes_executor_config_pb2")
    pipeline = pytest.importorskip("kfp.pipeline_spec.pipeline_spec_pb2")
    messages: dict[str, str] = {}
    enums: dict[str, str] = {}

    def name(message) -> str:
        return message.full_name.partition(".")[2]

    def kind(field) -> str:
        message = field.message_type
        if message is None and field.enum_type is None:
            return KINDS[field.type]
        if message is None:
            enums[field.enum_type.name] = " ".join(value.name for value in field.enum_type.values)
            return f"enum:{field.enum_type.name}"
        if message.full_name.startswith("google.protobuf."):
            return WELL_KNOWN[message.name]
        if message.GetOptions().map_entry:
            return f"map:{kind(message.fields_by_name['value'])}"
        walk(message)
        return name(message)

    def walk(message) -> None:
        if name(message) in messages:
            return
        messages[name(message)] = ""
        fields = []
        for field in message.fields:
            word = kind(field)
            if field.label == field.LABEL_REPEATED and not word.startswith("map:"):
                word = f"list:{word}"
            if field.containing_oneof is not None and len(field.containing_oneof.fields) > 1:
                word = f"{word}|{field.containing_oneof.name}"
            fields.append(f"{field.json_name}={word}")
        messages[name(message)] = " ".join(fields)

    for root in (pipeline.PipelineSpec, pipeline.PipelineDeploymentConfig, pipeline.PlatformSpec, executor.KubernetesExecutorConfig):
        walk(root.DESCRIPTOR)
    return messages, enums


@pytest.mark.filterwarnings("ignore:.*label.*is deprecated")
def test_tables_are_the_protobuf(tables):
    """Every message, field, type, exclusion and enum value is that of the SDK's descriptors."""
    messages, enums = tables
    assert messages == MESSAGES
    assert enums == ENUMS
