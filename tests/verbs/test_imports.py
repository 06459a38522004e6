"""Importing the package costs nothing, and every verb is found."""

import subprocess
import sys
from pathlib import Path

import pytest

import jupyter_mlops

PACKAGE = Path(jupyter_mlops.__file__).parent


def test_importing_the_package_imports_nothing():
    code = "import sys; before = set(sys.modules); import jupyter_mlops; print(sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['jupyter_mlops']"


def test_no_package_is_named_as_a_verb():
    """Importing a submodule binds its name in the package: `ml.drift` would become a module (ADR 13)."""
    assert {path.stem for path in PACKAGE.iterdir()} & set(jupyter_mlops.__all__) == set()


def test_an_unknown_verb_is_named():
    with pytest.raises(AttributeError, match=r"^module `jupyter_mlops` has no verb `gates`$"):
        jupyter_mlops.gates  # noqa: B018


@pytest.mark.parametrize("verb", jupyter_mlops.__all__)
def test_mentioning_a_verb_loads_no_heavy_library(verb):
    """A library of seconds is loaded by the call that needs it, never by the verb's module."""
    heavy = ("mlflow", "optuna", "great_expectations", "tensorflow", "scipy.stats", "river", "sklearn", "pandas")
    code = f"import sys, jupyter_mlops as ml; ml.{verb}; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
