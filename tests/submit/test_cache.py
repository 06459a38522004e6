"""When a step is taken from the cache, when not, and that a wrong entry is never trusted."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from jupyter_mlops.submit.contract import Artifact, Values
from jupyter_mlops.submit.keys import cache_key, environment_tag, local_files, mentioned
from jupyter_mlops.submit.plan import read_plan


@pytest.fixture
def chain(pipelines):
    """Two steps; the first depends on a parameter."""

    def make(code="out('x', P['depth'])", **more):
        s = pipelines.step
        return pipelines.plan(
            s("a", code, outputs=["x"], parameters=["depth"], **more),
            s("b", "out('y', I['x'][0] > 3)", inputs={"x": "a.x"}, outputs=["y"]),
            parameters=[("depth", "int", 6)],
        )

    return make


def test_the_same_code_inputs_and_parameters_do_not_run_again(run, chain, states, value_of):
    first, second = run(chain()), run(chain())
    assert states(second) == {"a": "cached", "b": "cached"}
    assert (second.digests(), value_of(second, "b", "y")) == (first.digests(), True)
    assert second.run != first.run
    assert (second.directory / "steps/a/outputs/x/value.json").read_text() == "6"


def test_a_changed_step_runs_again_and_what_depends_on_it_only_if_its_output_changed(run, chain, states):
    run(chain())
    assert states(run(chain("out('x', P['depth']) # same"))) == {"a": "succeeded", "b": "cached"}
    assert states(run(chain(), parameters={"depth": 7})) == {"a": "succeeded", "b": "succeeded"}
    assert states(run(chain(), parameters={"depth": 6})) == {"a": "cached", "b": "cached"}


def test_deleting_the_cache_or_the_runs_hurts_neither(run, chain, states, tmp_path, value_of):
    first = run(chain())
    shutil.rmtree(tmp_path / ".nb2pipe/cache")
    assert value_of(first, "a", "x") == 6
    run(chain())
    shutil.rmtree(tmp_path / ".nb2pipe/runs")
    assert states(run(chain())) == {"a": "cached", "b": "cached"}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda entry: (entry / "outputs/x/value.json").write_text("66"),
        lambda entry: (entry / "outputs/x/value.json").unlink(),
        lambda entry: (entry / "outputs/x/more.json").write_text("1"),
        lambda entry: (entry / "entry.json").write_text('{"half": '),
        lambda entry: (entry / "entry.json").write_text("[]"),
        lambda entry: (entry / "entry.json").write_text((entry / "entry.json").read_text().replace('"key": "', '"key": "0')),
        lambda entry: shutil.rmtree(entry / "outputs"),
    ],
    ids=["bytes", "gone", "added", "truncated", "not-a-record", "of-another-key", "no-outputs"],
)
def test_a_corrupted_entry_is_thrown_away(run, chain, states, value_of, tmp_path, spoil):
    key = json.loads((run(chain()).directory / "run.json").read_text())["steps"][0]["key"]
    entry = tmp_path / ".nb2pipe/cache" / key
    for path in entry.rglob("*"):
        path.chmod(0o755)
    for path in tmp_path.glob(".nb2pipe/runs/*"):
        shutil.rmtree(path)
    spoil(entry)
    again = run(chain())
    assert (states(again)["a"], value_of(again, "a", "x")) == ("succeeded", 6)
    assert states(run(chain()))["a"] == "cached"


def test_cache_off_never_reuses_and_a_validity_ends(run, chain, states, tmp_path):
    run(chain(cache=False))
    assert states(run(chain(cache=False)))["a"] == "succeeded"
    run(chain(cache=3600))
    assert states(run(chain(cache=3600)))["a"] == "cached"
    for entry in tmp_path.glob(".nb2pipe/cache/*/entry.json"):
        record = json.loads(entry.read_text())
        entry.write_text(json.dumps(record | {"created": record["created"] - 4000}))
    assert states(run(chain(cache=3600)))["a"] == "succeeded"


def test_fresh_runs_everything_and_stores_it(run, chain, states):
    run(chain())
    assert states(run(chain(), fresh=True)) == {"a": "succeeded", "b": "succeeded"}


def test_one_more_item_runs_only_that_item(run, pipelines, states):
    fit = pipelines.step("fit", "out('y', P['xs-item'])", outputs=["y"], foreach="xs", parameters=["xs"])
    plan = pipelines.plan(fit, parameters=[("xs", "list")])
    run(plan, parameters={"xs": [1, 2]})
    assert states(run(plan, parameters={"xs": [1, 9, 2]})) == {"fit[0]": "cached", "fit[1]": "succeeded", "fit[2]": "cached"}


def test_a_file_that_the_code_names_is_an_input(run, pipelines, states, value_of, tmp_path):
    (tmp_path / "data.csv").write_text("1")
    plan = pipelines.plan(pipelines.step("a", "out('x', open('data.csv').read())", outputs=["x"]))
    run(plan)
    assert states(run(plan)) == {"a": "cached"}
    (tmp_path / "data.csv").write_text("2")
    again = run(plan)
    assert (states(again), value_of(again, "a", "x")) == ({"a": "succeeded"}, "2")


def test_a_file_that_the_step_writes_is_no_reason_to_run_it_again(run, pipelines, states):
    plan = pipelines.plan(pipelines.step("a", "open('made.csv', 'w').write('1'); out('x', 1)", outputs=["x"]))
    run(plan)
    assert states(run(plan)) == {"a": "cached"}


def test_names_of_files_and_modules_are_found_in_code_with_ipython_lines(pipelines, tmp_path):
    code = "%time\nimport helpers, json\nfrom kit.deep import x\n!ls other.csv\ndata = load('data.csv', 'missing.csv')"
    step = read_plan(pipelines.plan(pipelines.step("a", code))).steps["a"]
    for name in ("helpers.py", "data.csv", "other.csv"):
        (tmp_path / name).touch()
    (tmp_path / "kit").mkdir()
    (tmp_path / "kit/__init__.py").touch()
    assert sorted(local_files(mentioned(step), tmp_path)) == ["data.csv", "helpers.py", "kit"]


def test_the_environment_tag_changes_with_an_installed_distribution(tmp_path):
    before = environment_tag([str(tmp_path)])
    (tmp_path / "numpy-2.4.6.dist-info").mkdir()
    assert environment_tag([str(tmp_path)]) != before


def test_every_part_of_the_key_counts(pipelines):
    def key(*, environment="e", files=None, metadata=None, digest="sha256:1", parameter=1, **step):
        document = pipelines.plan(pipelines.step("a", **step), parameters=[])
        artifact = Artifact(path=Path("p"), type="Model", digest=digest, metadata=metadata or {"nb2pipe_encoding": "{}"})
        inputs = Values(artifacts={"x": [artifact]}, parameters={"n": parameter})
        return cache_key(read_plan(document).steps["a"], inputs, environment=environment, files=files or {})

    variants = [
        key(),
        key(code="1"),
        key(command=["python3", "-c", "pass"]),
        key(outputs=["y"]),
        key(outputs=["y: int"]),
        key(image="i"),
        key(environment="f"),
        key(files={"data.csv": "sha256:2"}),
        key(digest="sha256:2"),
        key(metadata={"nb2pipe_encoding": '{"x": "npy"}'}),
        key(parameter=2),
        key(parameter="1"),
    ]
    assert len(set(variants)) == len(variants)
    assert key() == key(retries=3, timeout_seconds=9), "how a step runs is not what it computes"
