"""`server`: a real Jupyter Server with the extension; and what else is beside the tests that use it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.append(str(Path(__file__).parents[1] / "submit" / "kubeflow"))  # `v2beta1`, the API of a cluster
from jupyter_process import running


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Start `jupyter server` once."""
    folder = tmp_path_factory.mktemp("server")
    with running(folder) as (server, _):
        yield server
