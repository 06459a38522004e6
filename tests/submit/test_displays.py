"""What two runs of a cell display is compared as a reader would: text, numbers, tables, pixels."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest

from jupyter_mlops.submit.displays import differences, of_outputs, picture_difference, text_difference, text_of_html


def record(stdout: str = "", *shown: dict[str, str], error: dict[str, str] | None = None) -> dict[str, Any]:
    return {"stdout": stdout, "stderr": "", "shown": list(shown), "error": error}


def picture(
    colour: tuple[int, int, int], spot: tuple[int, int, int] | None = None, size: tuple[int, int] = (4, 3), kind: str = "PNG"
) -> bytes:
    from PIL import Image

    image = Image.new("RGB", size, colour)
    if spot:
        image.putpixel((1, 1), spot)
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize(
    ("whole", "isolated", "said"),
    [
        ("<object at 0x7f0011223344>", "<object at 0x7faabbccddee>", None),
        ("loss 0.30000000000000004", "loss 0.3", None),
        ("loss 0.3", "loss 0.31", "line 1: 'loss 0.3' against 'loss 0.31'"),
        ("3 rows", "4 rows", "line 1: '3 rows' against '4 rows'"),
        ("a\n0.5\nb", "a\n0.5\nc", "line 3: 'b' against 'c'"),
        ("a\nb", "a", "line 2: 'b' against nothing"),
        ("x1 2.0", "x2 2.0", "line 1: 'x1 2.0' against 'x2 2.0'"),
    ],
)
def test_texts_are_equal_up_to_addresses_and_rounding(whole: str, isolated: str, said: str | None) -> None:
    assert text_difference(whole, isolated) == said


def test_what_a_carriage_return_overwrites_was_not_seen() -> None:
    assert differences(record("10 %\r50 %\r100 %\ndone\n"), record("100 %\ndone")) == []


def test_tables_are_compared_as_text() -> None:
    style = '<style>#id{uid} td {{color: red}}</style><table id="id{uid}"><tr><td>1</td><td>2 &lt; 3</td></tr><tr><th>x</th></tr></table>'
    assert text_of_html(style.format(uid=1)) == "1 2 < 3\nx"
    one, other = ({"text": "frame", "html": style.format(uid=uid)} for uid in (1, 2))
    assert differences(record("", one), record("", other)) == []
    other["html"] = other["html"].replace("1</td>", "7</td>")
    assert differences(record("", one), record("", other)) == [
        {"kind": "display", "index": 1, "difference": "line 1: '1 2 < 3' against '7 2 < 3'"}
    ]


def test_pictures_are_equal_when_no_pixel_moves_by_more_than_a_shade() -> None:
    grey = picture((100, 100, 100))
    assert picture_difference(grey, picture((105, 100, 96))) is None
    assert picture_difference(grey, picture((100, 100, 100), kind="BMP")) is None
    assert picture_difference(grey, picture((100, 100, 100), (0, 100, 100))) == "1 of 12 pixels differ"
    assert picture_difference(grey, picture((100, 100, 100), size=(4, 4))) == "4×3 pixels against 4×4"


def test_a_figure_that_a_cell_shows_twice_counts_once() -> None:
    """Jupyter shows a figure once more that is also the cell's result, a step's page does not."""
    figure = {"text": "<Figure>", "figure": base64.b64encode(picture((1, 2, 3))).decode()}
    assert differences(record("", figure, figure), record("", figure)) == []
    assert differences(record("", figure), record("")) == [{"kind": "figure", "index": 1, "difference": "a figure against nothing"}]


def test_errors_are_compared_by_name_and_text() -> None:
    error = {"name": "KeyError", "text": "'a'"}
    assert differences(record(error=error), record(error=dict(error))) == []
    assert differences(record(error=error), record("never seen")) == [
        {"kind": "error", "difference": "KeyError: 'a' against no error"},
        {"kind": "stdout", "difference": "line 1: '' against 'never seen'"},
    ]
    assert [each["kind"] for each in differences(record("more"), record(error=error))] == ["error"]


def test_the_outputs_of_an_executed_cell_become_a_record() -> None:
    outputs: list[dict[str, Any]] = [
        {"output_type": "stream", "name": "stdout", "text": "a"},
        {"output_type": "stream", "name": "stderr", "text": "warned"},
        {"output_type": "stream", "name": "stdout", "text": "b"},
        {"output_type": "execute_result", "data": {"text/plain": "1"}},
        {"output_type": "display_data", "data": {"text/plain": "<Figure>", "image/png": "aGk="}},
        {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []},
    ]
    assert of_outputs(outputs) == {
        "stdout": "ab",
        "stderr": "warned",
        "shown": [{"text": "1"}, {"text": "<Figure>", "figure": "aGk="}],
        "error": {"name": "ValueError", "text": "no"},
    }
