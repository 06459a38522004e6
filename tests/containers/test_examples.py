"""The examples' steps in real containers without a network: the same digests as `nb2pipe run`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jupyter_mlops.submit import kfp_local, local
from nb2pipe.api import check_file, compile_pipeline

if TYPE_CHECKING:
    from jupyter_mlops.submit.events import RunResult

pytestmark = pytest.mark.containers

EXAMPLES = sorted((Path(__file__).parents[2] / "example_notebooks").glob("[0-9]*.ipynb"))


@pytest.mark.slow
@pytest.mark.parametrize("notebook", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_gives_the_same_digests_in_containers(docker, notebook, tmp_path):
    """The package is the compiled one; only the name of its image is that of the image made here."""
    pipeline = check_file(str(notebook)).pipeline
    assert pipeline is not None
    texts = {name: compile_pipeline(pipeline, backend=name).files[0].text for name in ("kfp", "local")}
    package = re.sub(r"(?m)^(\s+image: ).*$", rf'\1"{docker}"', texts["kfp"])
    boxed = kfp_local.run(package, directory=tmp_path, runner="docker")
    assert boxed.exit == 0, [(step.label, step.reason, step.headline) for step in boxed.failed]
    here = local.run(json.loads(texts["local"]), directory=tmp_path)
    assert here.exit == 0, [(step.label, step.reason, step.headline) for step in here.failed]
    assert comparable(boxed) == comparable(here)


def comparable(result: RunResult) -> dict[str, str | None]:
    """The digests of all artifacts but SavedModels: TensorFlow writes them with a random fingerprint, and maps in any order.

    What such a model answers is compared all the same: the step that calls it has artifacts of its own.
    """
    saved = {
        f"{step.label}.{port}"
        for step in result.steps
        for port, artifact in step.artifacts.items()
        if "savedmodel" in artifact.metadata.get("nb2pipe_encoding", "")
    }
    return {name: digest for name, digest in result.digests().items() if name not in saved}
