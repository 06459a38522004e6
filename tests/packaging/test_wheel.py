"""What a user installs: the wheel and the sdist, built once, and looked into."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return {path.suffix: path for path in folder.iterdir()}


@pytest.fixture(scope="module")
def wheel_names(built):
    with zipfile.ZipFile(built[".whl"]) as archive:
        return archive.namelist()


def version() -> str:
    namespace: dict[str, str] = {}
    exec((ROOT / "compiler" / "nb2pipe" / "_version.py").read_text(encoding="utf-8"), namespace)
    return namespace["__version__"]


def test_the_wheel_holds_exactly_the_two_packages(wheel_names):
    top = {name.split("/")[0] for name in wheel_names}
    assert top == {"nb2pipe", "jupyter_mlops", f"jupyter_mlops-{version()}.dist-info", f"jupyter_mlops-{version()}.data"}


def test_the_wheel_holds_every_source_file_and_page(wheel_names):
    packages = {"nb2pipe": ROOT / "compiler" / "nb2pipe", "jupyter_mlops": ROOT / "jupyter_mlops"}
    expected = {
        f"{name}/{path.relative_to(folder).as_posix()}"
        for name, folder in packages.items()
        for path in folder.rglob("*")
        if path.is_file()
        and not {"__pycache__", "_labextension"} & set(path.parts)
        and path.suffix in {".py", ".md", ".json", ".sql", ".txt"}
    }
    assert expected - set(wheel_names) == set()


def test_the_sdist_builds_the_same_wheel_and_brings_its_papers(built, tmp_path, wheel_names):
    with tarfile.open(built[".gz"]) as archive:
        archive.extractall(tmp_path, filter="data")
    (source,) = tmp_path.iterdir()
    assert {"LICENSE", "README.md", "CHANGELOG.md", "pyproject.toml", "PKG-INFO"} <= {path.name for path in source.iterdir()}
    assert not [path for path in source.rglob("*") if path.name.startswith(".venv") or path.name == "__pycache__"]
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "again")],
        cwd=source,
        check=True,
        capture_output=True,
    )
    (again,) = (tmp_path / "again").iterdir()
    with zipfile.ZipFile(again) as archive:
        assert sorted(archive.namelist()) == sorted(wheel_names)


def test_a_clean_install_compiles_a_notebook_with_nothing_else_installed(built, tmp_path):
    """The wheel alone, unpacked; no site-packages at all."""
    with zipfile.ZipFile(built[".whl"]) as archive:
        archive.extractall(tmp_path / "site")
    code = f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); from nb2pipe.cli import main; raise SystemExit(main())"
    notebook = ROOT / "example_notebooks" / "01_tabular.ipynb"
    command = [sys.executable, "-I", "-S", "-c", code, "compile", str(notebook), "-o", str(tmp_path / "out.yaml")]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "out.yaml").stat().st_size > 1000


def test_the_wheel_carries_the_built_extension_once_and_switches_its_server_on(built, wheel_names):
    """Without the built folder the wheel builds without a word, and without the extension: `make extension` comes first."""
    data = f"jupyter_mlops-{version()}.data/data"
    folder = f"{data}/share/jupyter/labextensions/jupyter-mlops"
    with zipfile.ZipFile(built[".whl"]) as archive:
        described = json.loads(archive.read(f"{folder}/package.json"))
        settings = json.loads(archive.read(f"{data}/etc/jupyter/jupyter_server_config.d/jupyter_mlops.json"))
    assert f"{folder}/{described['jupyterlab']['_build']['load']}" in wheel_names
    assert {path.name for path in (ROOT / "labextension" / "schema").iterdir()} <= {Path(name).name for name in wheel_names}
    assert settings == {"ServerApp": {"jpserver_extensions": {"jupyter_mlops.server": True}}}
    assert not [name for name in wheel_names if "_labextension" in name]
