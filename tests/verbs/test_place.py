"""A verb finds out from its own stack where it was called."""

import pytest

from jupyter_mlops.errors import Rejected
from jupyter_mlops.place import Place, Where, here
from jupyter_mlops.report import Report, Verdict, deliver


class Note(Report):
    kind = "note"

    def text(self):
        return "no: too few rows\nmore"


def in_a_step(source, **names):
    scope = dict(names)
    exec(compile(source, "churn.ipynb › cell 5 (step train)", "exec"), scope)
    return scope


def test_a_step_is_found_through_library_frames():
    place = in_a_step("place = list(map(lambda _: here(), [1]))[0]", here=here)["place"]
    assert place == Place(Where.STEP, "churn.ipynb", "5", "train", "")


def test_a_program_is_no_step():
    assert here().where is Where.PROGRAM


def test_a_blocking_verdict_stops_a_step_only():
    note = Note()
    assert deliver(note, Verdict.FAIL) is note
    assert in_a_step("kept = deliver(note, passed)", deliver=deliver, note=note, passed=Verdict.PASS)["kept"] is note
    with pytest.raises(Rejected, match=r"^no: too few rows$") as caught:
        in_a_step("deliver(note, failed)", deliver=deliver, note=note, failed=Verdict.FAIL)
    assert caught.value.report is note
