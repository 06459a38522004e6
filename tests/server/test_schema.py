"""The schema of the server's answers, and what is made of it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from jupyter_mlops.server.bodies import SCHEMA
from jupyter_mlops.server.routes import ROUTES

LABEXTENSION = Path(__file__).resolve().parents[2] / "labextension"
DOCUMENT = json.loads(SCHEMA.read_text(encoding="utf-8"))


def test_the_schema_is_one():
    Draft202012Validator.check_schema(DOCUMENT)


def test_every_definition_is_listed_for_the_types():
    assert list(DOCUMENT["properties"]) == list(DOCUMENT["$defs"])


def test_every_route_takes_and_gives_what_there_is():
    assert {name for route in ROUTES for name in (route.takes, route.gives) if name not in {None, "Text"}} <= set(DOCUMENT["$defs"])
    assert all((route.takes is None) == (route.method == "GET") for route in ROUTES)


def test_an_object_says_all_of_its_members():
    """A member that nobody has described cannot slip into an answer."""
    loose = [
        name for name, definition in DOCUMENT["$defs"].items() if definition.get("type") == "object" and definition["additionalProperties"]
    ]
    assert loose == []


def test_the_types_of_the_front_end_are_fresh():
    node = shutil.which("node")
    if node is None or not (LABEXTENSION / "node_modules" / "json-schema-to-typescript").is_dir():
        pytest.skip("node_modules is missing: run `npm ci` in labextension")
    done = subprocess.run([node, "types.mjs", "--check"], check=False, cwd=LABEXTENSION, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
