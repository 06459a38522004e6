"""The grammar of tags, and what tags mean together."""

from __future__ import annotations

import pytest

from nb2pipe.frontend.arguments import suggested_step_name
from nb2pipe.frontend.metadata import NotebookSettings, notebook_settings
from nb2pipe.frontend.settings import CellSettings, settings_of, step_settings
from nb2pipe.frontend.tags import parse_tags
from nb2pipe.ir.notebook import Tag
from nb2pipe.ir.pipeline import Accelerator, ArtifactType, Control, Policy, Report, Resources, Secret, Toleration, Volume
from nb2pipe.source import CellId

CELL = CellId("a")


def resources(**given):
    return {"resources": Resources(**given)}


def policy(**given):
    return {"policy": Policy(**given)}


GOOD = {
    "parameters": {"parameters": True},
    "setup": {"setup": True},
    "skip": {"skip": True},
    "step:load": {"step": "load"},
    "step:Load-Data_2": {"step": "Load-Data_2"},
    "step:_load": {"step": "_load"},
    "after:load": {"control": Control(after=("load",))},
    "gpu:1": resources(accelerator=Accelerator(resource="nvidia.com/gpu", count=1)),
    "gpu:nvidia.com/mig-1g.10gb:1": resources(accelerator=Accelerator(resource="nvidia.com/mig-1g.10gb", count=1)),
    "gpu:amd.com/gpu:2": resources(accelerator=Accelerator(resource="amd.com/gpu", count=2)),
    "gpu:0": {},
    "cpu:2": resources(cpu="2"),
    "cpu:0.5": resources(cpu="0.5"),
    "cpu:500m": resources(cpu="500m"),
    "memory:4Gi": resources(memory="4Gi"),
    "disk:100G": resources(disk="100G"),
    "retry:3": policy(retries=3),
    "timeout:90s": policy(timeout_seconds=90),
    "timeout:15m": policy(timeout_seconds=900),
    "timeout:2h": policy(timeout_seconds=7200),
    "timeout:1d2h": policy(timeout_seconds=93_600),
    "cache:off": policy(cache=False),
    "cache:on": policy(cache=True),
    "cache:1d": policy(cache=86_400),
    "image:python:3.12-slim": {"image": "python:3.12-slim"},
    "image:host.example:5000/team/img@sha256:" + "a" * 64: {"image": "host.example:5000/team/img@sha256:" + "a" * 64},
    "foreach:items": {"control": Control(foreach="items")},
    "when:good": {"control": Control(when="good")},
    "on-exit": {"control": Control(on_exit=True)},
    "validate": {"role": "validate"},
    "gate": {"role": "gate"},
    "deploy": {"role": "deploy"},
    "monitor": {"role": "monitor"},
    "ignore:NB301": {"ignored": ("NB301",)},
    "ignore:nb301": {"ignored": ("NB301",)},
    "metrics:acc": {"reports": (Report(port="acc-metrics", name="acc", kind=ArtifactType.METRICS),)},
    "classification:m": {"reports": (Report(port="m-classification", name="m", kind=ArtifactType.CLASSIFICATION_METRICS),)},
    "html:page": {"reports": (Report(port="page-html", name="page", kind=ArtifactType.HTML),)},
    "markdown:text": {"reports": (Report(port="text-markdown", name="text", kind=ArtifactType.MARKDOWN),)},
    "secret:db:password:DB_PASSWORD": policy(secrets=(Secret(secret="db", key="password", variable="DB_PASSWORD"),)),
    "volume:data:/data": policy(volumes=(Volume(claim="data", path="/data"),)),
    "volume:data:/data/raw/:ro": policy(volumes=(Volume(claim="data", path="/data/raw", read_only=True),)),
    "env:MODE=fast=very": policy(environment=(("MODE", "fast=very"),)),
    "env:EMPTY=": policy(environment=(("EMPTY", ""),)),
    "node:pool=gpu": policy(node_selector=(("pool", "gpu"),)),
    "toleration:nvidia.com/gpu": policy(tolerations=(Toleration(key="nvidia.com/gpu"),)),
    "toleration:pool=gpu:NoExecute": policy(tolerations=(Toleration(key="pool", operator="Equal", value="gpu", effect="NoExecute"),)),
    "encoding:table=parquet": {"encodings": (("table", "parquet"),)},
    "label:team:fraud": policy(labels=(("team", "fraud"),)),
    "label:example.org/team:fraud": policy(labels=(("example.org/team", "fraud"),)),
    "annotation:a/b:c:d": policy(annotations=(("a/b", "c:d"),)),
}


@pytest.mark.parametrize(("tag", "expected"), GOOD.items(), ids=GOOD)
def test_tag_means(tag, expected, read_cells) -> None:
    result = read_cells(([tag], "x = 1"))
    assert result.diagnostics == ()
    settings = settings_of(result.value.cells[0], result.value)
    assert settings.diagnostics == ()
    assert settings.value == CellSettings(**expected, own=settings.value.own)
    assert settings.value.own == {tag.partition(":")[0]}


UNUSABLE = """gpu: gpu:lots gpu:-1 gpu:nvidia:1 gpu:1:nvidia.com/gpu gpu:1000 cpu: cpu:two cpu:0 cpu:-1 cpu:1Gi cpu:0.0 memory:4 memory:4gb
memory:4GB memory:0Gi memory:400m memory: disk:big retry:-1 retry:x retry:100 retry: timeout:0s timeout:soon timeout: timeout:5 timeout:m
timeout:99999999d cache: cache:maybe cache:5 image: image:UPPER/case image:{{workflow.name}} foreach: foreach:a.b foreach:for foreach:1x
when: when:a==b after: after:../x metrics: metrics:a-b ignore: ignore:NB999 ignore:x secret:a secret:a:b secret:A:b:C secret:a:b:1C
secret:a:b:c:d volume:x volume:x:data volume:x:/ volume:x:/a/../b volume:x:/a:rw env: env:X env:1X=2 env:A-B=1 node:a node:a:b
toleration: toleration:x:Never toleration:-x encoding:a encoding:=b encoding:a=../x label:a label::b annotation:a annotation::x
label:team:-x parameters:x skip:me gate:0.9""".split()


@pytest.mark.parametrize("tag", UNUSABLE)
def test_unusable_argument_is_nb112_and_shows_a_usable_one(tag, read_cells) -> None:
    result = read_cells(([tag], "x = 1"))
    settings = settings_of(result.value.cells[0], result.value)
    (finding,) = (*result.diagnostics, *settings.diagnostics)
    assert finding.code == "NB112"
    assert tag in finding.message
    shown = finding.message.split("`")[-2]
    again = read_cells(([shown], "x = 1"))
    assert again.diagnostics == ()
    assert settings_of(again.value.cells[0], again.value).diagnostics == ()


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("Load Data", "Load_Data"),
        ("", "step"),
        ("2x", "step_2x"),
        ("élan!", "elan"),
        ("a/b:c", "a_b_c"),
        ("日本", "step"),
        ("-", "step"),
        ("__", "step"),
        ("x" * 80, "x" * 60),
    ],
)
def test_unusable_step_name_is_nb103_with_a_usable_suggestion(name, suggestion, read_cells) -> None:
    result = read_cells(([f"step:{name}"], "x = 1"))
    (finding,) = settings_of(result.value.cells[0], result.value).diagnostics
    assert (finding.code, finding.violation.suggestion) == ("NB103", suggestion)
    assert suggested_step_name(suggestion) == suggestion


@pytest.mark.parametrize(
    ("text", "meant"),
    {
        "step=train": "step:train",
        "stp:train": "step:train",
        "steps:train": "step:train",
        "tsep:train": "step:train",
        "Step:train": "step:train",
        "step train": "step:train",
        "step :train": "step:train",
        "step": "step:NAME",
        "gpu": "gpu:1",
        "gpu=1": "gpu:1",
        "memroy:4Gi": "memory:4Gi",
        "timeuot:1h": "timeout:1h",
        "foreahc:x": "foreach:x",
        "parameter": "parameters",
        "Parameters": "parameters",
        "setpu": "setup",
        "on_exit": "on-exit",
        "onexit": "on-exit",
        "pre:load": "prev:load",
        "import": "imports",
    }.items(),
)
def test_near_miss_is_nb101_with_the_nearest(text, meant) -> None:
    result = parse_tags([text], CELL)
    (finding,) = result.diagnostics
    assert (result.value, finding.code, finding.violation.nearest) == ((), "NB101", meant)


FOREIGN = """hide-input hide_input remove-cell injected-parameters nbval-skip nbval-ignore-output slow note todo html image
slide solution author:me lang:en exercise:1 data-cleaning outputPrepend interactive notebook date skip-execution title:x tests""".split()


@pytest.mark.parametrize("text", FOREIGN)
def test_foreign_tag_is_a_note(text) -> None:
    result = parse_tags([text], CELL)
    assert (result.value, [finding.code for finding in result.diagnostics]) == ((), ["NB111"])


def test_tag_keeps_what_the_file_says() -> None:
    result = parse_tags([" step:train ", "block:x", "cache:enabled", "step:train"], CELL)
    assert result.value == (
        Tag(verb="step", argument="train", text="step:train"),
        Tag(verb="step", argument="x", text="block:x"),
        Tag(verb="cache", argument="on", text="cache:enabled"),
    )


def test_our_tag_on_a_text_cell_is_nb105_and_a_foreign_one_nothing() -> None:
    result = parse_tags(["step:x", "hide-input"], CELL, code=False)
    assert (result.value, [finding.code for finding in result.diagnostics]) == ((), ["NB105"])


CONFLICTS = [
    ["step:a", "step:b"],
    ["step:a", "skip"],
    ["step:a", "setup"],
    ["step:a", "parameters"],
    ["setup", "skip"],
    ["cpu:1", "cpu:2"],
    ["gpu:1", "gpu:amd.com/gpu:1"],
    ["gate", "deploy"],
    ["cache:on", "cache:off"],
    ["when:a", "when:b"],
    ["env:A=1", "env:A=2"],
    ["volume:a:/x", "volume:b:/x/"],
    ["secret:a:b:X", "secret:c:d:X"],
    ["label:a:b", "label:a:c"],
    ["on-exit", "foreach:x"],
    ["on-exit", "when:x"],
]


@pytest.mark.parametrize("tags", CONFLICTS)
def test_conflict_names_both_tags(tags, read_cells) -> None:
    result = read_cells((tags, "x = 1"))
    (finding,) = settings_of(result.value.cells[0], result.value).diagnostics
    assert finding.code == "NB102"
    assert {finding.violation.tag, finding.violation.other} == set(tags)


def test_repeated_tags_that_differ_in_what_they_are_about_add_up(read_cells) -> None:
    notebook = read_cells((["step:a", "env:A=1", "env:B=2", "after:x", "after:y", "metrics:m", "html:m", "cpu:1", "cpu:1"], "x")).value
    result = settings_of(notebook.cells[0], notebook)
    assert result.diagnostics == ()
    assert result.value.policy.environment == (("A", "1"), ("B", "2"))
    assert result.value.control.after == ("x", "y")
    assert [report.port for report in result.value.reports] == ["m-metrics", "m-html"]


@pytest.mark.parametrize("place", ["setup", "parameters", "skip"])
def test_step_settings_on_a_cell_that_is_no_step_are_nb114(place, read_cells) -> None:
    notebook = read_cells(([place, "gpu:1", "ignore:NB301"], "x")).value
    assert [finding.code for finding in settings_of(notebook.cells[0], notebook).diagnostics] == ["NB114"]


def test_cells_of_a_step_are_read_together(read_cells) -> None:
    notebook = read_cells((["step:a", "cpu:2"], "x"), (["memory:4Gi", "gate"], "y"), (["step:a", "cpu:3"], "z")).value
    result = step_settings(notebook.cells, notebook)
    assert (result.value.step, result.value.role) == ("a", "gate")
    assert result.value.resources == Resources(cpu="2", memory="4Gi")
    (finding,) = result.diagnostics
    assert (finding.message, finding.span.cell) == ("`cpu:3` conflicts with `cpu:2`", "id2")


def test_defaults_fill_only_what_the_cells_leave_open(read_cells) -> None:
    settings = {"image": "base:1", "defaults": {"cpu": 1, "memory": "2Gi", "env": {"A": "x", "B": "y"}, "cache": False, "gpu": 1}}
    notebook = read_cells((["step:a", "cpu:4", "env:A=own", "gpu:0"], "x"), nb2pipe=settings).value
    result = settings_of(notebook.cells[0], notebook)
    assert result.diagnostics == ()
    assert result.value.resources == Resources(cpu="4", memory="2Gi")
    assert result.value.policy == Policy(cache=False, environment=(("A", "own"), ("B", "y")))
    assert result.value.image == "base:1"
    assert result.value.own == {"step", "cpu", "env", "gpu"}


def test_cell_metadata_says_the_same_as_tags(read_cells, write_notebook) -> None:
    from nb2pipe.frontend import read_text

    settings = {
        "step": "a",
        "cpu": 2,
        "gate": True,
        "skip": False,
        "retry": 2,
        "cache": "1d",
        "after": ["b", "c"],
        "label": {"x": "y"},
        "secret": ["s:k:V"],
    }
    notebook = read_text(write_notebook({"source": "x", "metadata": {"nb2pipe": settings}}), "nb.ipynb").value
    tags = ["step:a", "cpu:2", "gate", "retry:2", "cache:1d", "after:b", "after:c", "label:x:y", "secret:s:k:V"]
    tagged = read_cells((tags, "x")).value
    assert settings_of(notebook.cells[0], notebook) == settings_of(tagged.cells[0], tagged)


@pytest.mark.parametrize(
    "settings", [{"cpus": 2}, {"cpu": None}, {"cpu": [None]}, {"cpu": True}, {"gate": "yes"}, {"cpu": {"a": 1}}, {"env": {"A": [1]}}]
)
def test_unusable_cell_metadata_is_nb116(settings, write_notebook) -> None:
    from nb2pipe.frontend import read_text

    notebook = read_text(write_notebook({"source": "x", "metadata": {"nb2pipe": settings}}), "nb.ipynb").value
    assert [finding.code for finding in settings_of(notebook.cells[0], notebook).diagnostics] == ["NB116"]


def test_notebook_settings(read_cells) -> None:
    given = {"name": "churn", "description": "who leaves", "image": "a:1", "pickle": "forbid"}
    result = read_cells(([], "x"), nb2pipe=given)
    assert result.diagnostics == ()
    assert notebook_settings(result.value).value == NotebookSettings(**given)


@pytest.mark.parametrize(
    "settings",
    [
        7,
        {"nam": "x"},
        {"name": 7},
        {"pickle": "never"},
        {"defaults": []},
        {"defaults": {"step": "x"}},
        {"defaults": {"cpu": "many"}},
        {"defaults": {"cpu": None}},
    ],
)
def test_unusable_notebook_settings_are_nb116_once(settings, read_cells) -> None:
    result = read_cells(([], "x = 1"), nb2pipe=settings)
    assert [finding.code for finding in result.diagnostics] == ["NB116"]
    assert result.value is not None
