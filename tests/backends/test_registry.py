"""Names of backends: built-in ones cost nothing, others come from entry points, and nobody claims a name twice."""

from __future__ import annotations

import subprocess
import sys

import pytest

from nb2pipe.backends.base import Capability, Level
from nb2pipe.backends.registry import BUILT_IN, list_backends, load_backend
from nb2pipe.errors import Nb2PipeError


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Install distributions that claim names for backends, as far as the import system is concerned."""

    def install(**claims: str) -> None:
        for number, (name, target) in enumerate(claims.items()):
            folder = tmp_path / f"package{number}-1.0.dist-info"
            folder.mkdir()
            (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: package{number}\nVersion: 1.0\n")
            (folder / "entry_points.txt").write_text(f"[nb2pipe.backends]\n{name.rstrip('_')} = {target}\n")
        (tmp_path / "their_backend.py").write_text("class Other:\n    name = 'other'\nOTHER = Other()\n")
        monkeypatch.syspath_prepend(str(tmp_path))

    return install


@pytest.mark.parametrize("name", BUILT_IN)
def test_built_in_backend_loads_under_its_name(name):
    assert load_backend(name).name == name


def test_backend_of_another_package(installed):
    """An entry point of the group is a backend like ours."""
    installed(other="their_backend:OTHER")
    assert load_backend("other").name == "other"
    assert list_backends() == ("kfp", "local", "other")


def test_unknown_name_lists_the_known(installed):
    installed(other="their_backend:OTHER")
    with pytest.raises(Nb2PipeError) as error:
        load_backend("airflow")
    assert str(error.value) == "there is no backend `airflow`; known are `kfp`, `local`, `other`"


def test_two_claims_on_one_name_name_both(installed):
    installed(other="their_backend:OTHER", other_="my_backend:OTHER")
    with pytest.raises(Nb2PipeError) as error:
        load_backend("other")
    assert set(str(error.value).removeprefix("two backends claim the name `other`: ").split(" and ")) == {
        "`their_backend:OTHER`",
        "`my_backend:OTHER`",
    }


def test_claim_on_a_built_in_name(installed):
    """A package cannot take over a name of ours unseen."""
    installed(kfp="their_backend:OTHER")
    with pytest.raises(Nb2PipeError, match="two backends claim the name `kfp`"):
        list_backends()


@pytest.mark.parametrize("target", ["no_such_module:OTHER", "their_backend:MISSING"])
def test_backend_that_does_not_load(installed, target):
    installed(other=target)
    with pytest.raises(Nb2PipeError, match=f"backend `other` does not load from `{target}`") as error:
        load_backend("other")
    assert error.value.hint.startswith("pip install")


def test_built_in_backend_scans_no_packages(python_path):
    """Loading a backend of ours reads no metadata of installed packages and imports nothing outside the standard library."""
    program = (
        "import sys; from nb2pipe.backends.registry import load_backend; load_backend('kfp'); load_backend('local')\n"
        "print('importlib.metadata' in sys.modules, sorted({name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names))"
    )
    environment = {"PYTHONPATH": python_path}
    shown = subprocess.run([sys.executable, "-S", "-c", program], env=environment, capture_output=True, text=True, check=True).stdout
    assert shown == "False ['__main__', 'nb2pipe']\n"


def test_every_backend_answers_for_every_capability(backend):
    """The table of truth has no holes, and every gap says why."""
    assert list(backend.capabilities) == list(Capability)
    assert all(support.detail for support in backend.capabilities.values() if support.level in {Level.NEVER, Level.NOT_YET})


def test_names_of_every_feature_are_legal(kfp, feature, backend):
    """The file is called by a name that the backend's own policy takes."""
    import re

    stem = backend.emit(feature).entry.partition(".")[0]
    assert re.fullmatch(backend.names.pipeline, stem)
