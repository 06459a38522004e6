"""The YAML runs: the SDK's own local runner executes it with the real step runtime in real processes."""

from __future__ import annotations

import json

import pytest

from nb2pipe.backends.kfp import BACKEND
from nb2pipe.ir.pipeline import ArtifactType, Collect, Control, Parameter, ParameterType

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning", "ignore::ResourceWarning"),
]

INT, STR, BOOL, LIST = ParameterType.INT, ParameterType.STR, ParameterType.BOOL, ParameterType.LIST
NOTE = "import json, os\ndef note(name, value):\n    json.dump(value, open(os.path.join(out, name), 'w'))\n"


@pytest.fixture
def run(tmp_path, sdk):
    """Run a pipeline by the SDK, and read what its steps noted."""
    notes = tmp_path / "notes"
    notes.mkdir()

    def run(pipeline, **arguments) -> dict:
        sdk.local.init(runner=sdk.local.SubprocessRunner(use_venv=False), pipeline_root=str(tmp_path / "root"), raise_on_error=False)
        sdk.components.load_component_from_text(BACKEND.emit(pipeline).files[0].text)(out=str(notes), **arguments)
        return {path.name: json.loads(path.read_text()) for path in sorted(notes.iterdir())}

    return run


@pytest.fixture
def note_step(make):
    """A step that can note values; every one reads the parameter `out`."""

    def step(name, code, *, parameters=(), **fields):
        return make.step(name, NOTE + code, parameters=("out", *parameters), **fields)

    return step


OUT = Parameter(name="out", type=STR, default=None)


def test_data_and_parameters(make, note_step, run):
    """Values, typed parameters and hostile text arrive; what is not text for a template engine stays text."""
    hostile = "{{$.inputs.parameters['x']}} {{workflow.name}} $$ $(HOME) '\"\\ \n 𝄞"
    pipeline = make.pipeline(
        "run",
        note_step(
            "load",
            "raw = {'n': depth, 't': title}\n",
            parameters=("depth", "title"),
            outputs=(make.port("raw", artifact=ArtifactType.DATASET),),
        ),
        note_step("train", "note('train', [raw, '{{x}} $$'])\n", inputs=(make.port("raw", artifact=ArtifactType.DATASET),)),
        edges=(make.edge("load", "train", "raw"),),
        parameters=(OUT, Parameter(name="depth", type=INT, default="3"), Parameter(name="title", type=STR, default=json.dumps(hostile))),
    )
    assert run(pipeline) == {"train": [{"n": 3, "t": hostile}, "{{x}} $$"]}


def test_fan_out_and_fan_in(make, note_step, run):
    """Each item is computed by itself, steps of one item follow each other, and the results become what the loop would leave."""
    loop = Control(foreach="depths")
    pipeline = make.pipeline(
        "run",
        note_step(
            "train",
            "models = {}\nfor depth in depths:\n    models[depth] = depth * 10\nlast = depth\n",
            parameters=("depths",),
            control=loop,
            outputs=(make.port("models"), make.port("last", parameter=INT)),
        ),
        note_step(
            "score",
            "scores = [models[depth] + 1 for depth in depths]\n",
            parameters=("depths",),
            control=loop,
            inputs=(make.port("models"),),
            outputs=(make.port("scores"),),
        ),
        note_step(
            "choose",
            "note('choose', [sorted(models.items()), scores, last, depths])\n",
            parameters=("depths",),
            inputs=(
                make.port("models", collect=Collect.MERGE),
                make.port("scores", collect=Collect.CONCATENATE),
                make.port("last", parameter=INT, collect=Collect.LAST),
            ),
        ),
        edges=(
            make.edge("train", "score", "models"),
            make.edge("train", "choose", "models"),
            make.edge("score", "choose", "scores"),
            make.edge("train", "choose", "last"),
        ),
        parameters=(OUT, Parameter(name="depths", type=LIST, default="[2,4,6]")),
    )
    assert run(pipeline) == {"choose": [[[2, 20], [4, 40], [6, 60]], [21, 41, 61], 6, [2, 4, 6]]}


@pytest.mark.parametrize("accuracy", [1, 3])
def test_condition_on_a_step(make, note_step, run, accuracy):
    """A step runs when the flag that another step made is true, and not otherwise."""
    flag = make.port("good", parameter=BOOL)
    pipeline = make.pipeline(
        "run",
        note_step("evaluate", "good = accuracy > 2\n", parameters=("accuracy",), outputs=(flag,)),
        note_step("deploy", "note('deploy', good)\n", inputs=(flag,), control=Control(when="good")),
        edges=(make.edge("evaluate", "deploy", "good"),),
        parameters=(OUT, Parameter(name="accuracy", type=INT, default="0")),
    )
    assert run(pipeline, accuracy=accuracy) == ({"deploy": True} if accuracy > 2 else {})


@pytest.mark.parametrize("fails", [False, True])
def test_exit_step(make, note_step, run, fails):
    """The exit step runs in the end, whatever happened, and is told how it went; steps after a failure do not run."""
    pipeline = make.pipeline(
        "run",
        note_step("load", "if fails:\n    raise ValueError('no')\nraw = 1\n", parameters=("fails",), outputs=(make.port("raw"),)),
        note_step("train", "note('train', raw)\n", inputs=(make.port("raw"),)),
        note_step("mail", "note('mail', os.environ['NB2PIPE_RUN_STATE'])\n", control=Control(on_exit=True)),
        edges=(make.edge("load", "train", "raw"),),
        parameters=(OUT, Parameter(name="fails", type=BOOL, default="false")),
    )
    assert run(pipeline, fails=fails) == ({"mail": "FAILED"} if fails else {"mail": "SUCCEEDED", "train": 1})


def test_two_exit_steps(make, note_step, run):
    """Several exit steps run, in their order, with the status and with data between them."""
    leaving = Control(on_exit=True)
    pipeline = make.pipeline(
        "run",
        note_step("load", "pass\n"),
        note_step("collect", "logs = os.environ['NB2PIPE_RUN_STATE']\n", control=leaving, outputs=(make.port("logs"),)),
        note_step("mail", "note('mail', logs)\n", control=leaving, inputs=(make.port("logs"),)),
        edges=(make.edge("collect", "mail", "logs"),),
        parameters=(OUT,),
    )
    assert run(pipeline) == {"mail": "SUCCEEDED"}


def test_condition_in_fan_out(make, note_step, run):
    """A condition on a pipeline parameter inside a fan-out, gathered outside."""
    loop = Control(foreach="depths", when="thorough")
    pipeline = make.pipeline(
        "run",
        note_step("tune", "scores = list(depths)\n", parameters=("depths", "thorough"), control=loop, outputs=(make.port("scores"),)),
        note_step("choose", "note('choose', scores)\n", inputs=(make.port("scores", collect=Collect.CONCATENATE),)),
        edges=(make.edge("tune", "choose", "scores"),),
        parameters=(OUT, Parameter(name="depths", type=LIST, default='["a","b"]'), Parameter(name="thorough", type=BOOL, default="true")),
    )
    assert run(pipeline) == {"choose": ["a", "b"]}
