"""An image with Python and the examples' libraries, and podman's socket; skipped, with the reason, where containers cannot run."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
IMAGE = "localhost/nb2pipe-steps:test"


@pytest.fixture(scope="session")
def image():
    """The image's name, once it is there."""
    made = subprocess.run([ROOT / "containers/prepare.sh", IMAGE], stdout=subprocess.PIPE, text=True, check=False)
    if made.returncode == 77:
        pytest.skip(made.stdout.strip().rpartition("\n")[2])
    assert made.returncode == 0, made.stdout
    return IMAGE


@pytest.fixture(scope="session")
def docker(image, tmp_path_factory):
    """Serve the Docker API by podman, and let clients find it."""
    socket = tmp_path_factory.mktemp("podman") / "podman.sock"
    environment = os.environ | {"CONTAINERS_CONF": str(ROOT / "containers/containers.conf")}
    with subprocess.Popen(["podman", "system", "service", "--time=0", f"unix://{socket}"], env=environment) as service:
        while not socket.exists():
            assert service.poll() is None, "podman's service ended"
            time.sleep(0.02)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DOCKER_HOST", f"unix://{socket}")
            yield image
        service.terminate()
