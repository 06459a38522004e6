"""The table of rules."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields

import pytest

from nb2pipe.diagnostics.catalogue import BY_BACKEND, BY_CONTAINER, BY_VERIFIER, CATALOGUE, PREVIEW, make, page, rule, status
from nb2pipe.diagnostics.model import Violation


def test_codes_are_in_order_and_the_sets_name_only_codes() -> None:
    assert list(CATALOGUE) == sorted(CATALOGUE)
    groups = [PREVIEW, BY_BACKEND, BY_CONTAINER, BY_VERIFIER]
    assert set().union(*groups) <= set(CATALOGUE)


def test_loading_the_table_loads_no_rule() -> None:
    program = "import sys, nb2pipe.diagnostics.catalogue; print([m for m in sys.modules if m.startswith('nb2pipe.rules')])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize("code", CATALOGUE)
def test_templates_use_only_fields(code) -> None:
    loaded = rule(code)
    assert issubclass(loaded, Violation)
    violation = make(code, **dict.fromkeys((field.name for field in fields(loaded)), "7"))
    for template in (loaded.message, loaded.why, loaded.fix):
        assert "{" not in violation.text(template)


def test_unknown_code_is_a_key_error() -> None:
    for function in (rule, page):
        with pytest.raises(KeyError):
            function("NB999")


def test_status() -> None:
    assert (status("NB201"), status("NB601")) == ("stable", "preview")
