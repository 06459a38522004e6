"""The catalogues of messages, which JupyterLab loads with the language pack that a person has chosen: whole, and with nothing that nobody says."""

from __future__ import annotations

import ast
import json
import re
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import jupyter_mlops
from jupyter_mlops.server.context import Context
from jupyter_mlops.server.form import grammar

ROOT = Path(jupyter_mlops.__file__).parent
SOURCES = sorted(path for path in (ROOT.parent / "labextension" / "src").rglob("*.ts*") if ".spec." not in path.name)
LOCALES = sorted(path.name for path in (ROOT / "locale").iterdir())
TEXT = r"""('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")"""
CALL = re.compile(rf"trans\.(?:__\(\s*{TEXT}|_n\(\s*{TEXT},\s*{TEXT}|(?:__|_n)\((?P<other>[^\n]*))")
TITLES_OF_THE_FORM = "field.title"


def messages():
    """Return each message of the sources with its forms, and the calls whose message is not written out."""
    found, others = {}, []
    for path in SOURCES:
        for call in CALL.finditer(path.read_text(encoding="utf-8")):
            forms = [ast.literal_eval(text) for text in call.groups()[:3] if text]
            if forms:
                found[forms[0]] = forms
            else:
                others.append(call["other"])
    return found, others


def catalogue(locale):
    return json.loads((ROOT / "locale" / locale / "LC_MESSAGES" / "jupyter_mlops.json").read_text(encoding="utf-8"))


def places(text):
    return sorted(re.findall(r"%\d|`[^`]*`", text))


def test_every_message_is_written_out_so_that_it_can_be_translated():
    found, others = messages()
    assert len(found) > 300
    assert [each for each in others if not each.startswith(TITLES_OF_THE_FORM)] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_a_catalogue_has_every_message_in_its_forms_and_no_other(locale, tmp_path):
    given = catalogue(locale)
    said = {field["title"]: [field["title"]] for field in grammar(Context(tmp_path))["fields"]} | messages()[0]
    assert (said.keys() - given.keys(), given.keys() - said.keys()) == (set(), {""})
    assert [key for key, forms in said.items() if list(map(places, forms)) != list(map(places, given[key]))] == []
    assert list(given) == sorted(given)
    assert given[""]["language"] == locale.replace("_", "-")


def test_jupyterlab_finds_the_catalogues():
    (entry,) = entry_points(group="jupyterlab.locale", name="jupyter_mlops")
    assert Path(entry.load().__file__).parent == ROOT
