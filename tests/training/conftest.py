"""A home of its own for every test, and no problem card from another."""

import pytest

from jupyter_mlops import framing


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    folder = tmp_path / "home"
    monkeypatch.setenv("NB2PIPE_HOME", str(folder))
    framing.forget()
    yield folder
    framing.forget()
