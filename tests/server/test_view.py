"""What the editor shows of a notebook."""

from __future__ import annotations

from pathlib import Path

import pytest
from notebooks import code, sent, validator

from jupyter_mlops.server.context import Context
from jupyter_mlops.server.documents import text_of
from jupyter_mlops.server.view import view
from nb2pipe.api import check_file, check_source
from nb2pipe.diagnostics.place import in_order
from nb2pipe.frontend import read
from nb2pipe.ir.notebook import CellKind

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "example_notebooks").glob("*.ipynb"))
PROBES = sorted((ROOT / "tests" / "probes" / "notebooks").glob("*.py"))
CONTEXT = Context(root=ROOT)


def seen(body):
    answer = view(CONTEXT, body=body)
    assert [error.message for error in validator("View").iter_errors(answer)] == []
    return answer


def step(answer, name):
    return next(node for node in answer["graph"]["nodes"] if node["name"] == name)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_editor_and_the_command_line_find_the_same(path):
    checked = check_file(str(path))
    expected = [(each.code, each.message) for each in in_order(checked.diagnostics, checked.file)]
    answer = seen(sent(path))
    assert [(each["code"], each["message"]) for each in answer["diagnostics"]] == expected
    assert answer["runnable"] == (checked.pipeline is not None)


@pytest.mark.parametrize("path", PROBES, ids=lambda path: path.stem)
def test_what_is_found_in_a_probe_is_found_in_the_editor(path):
    cells = read(str(path)).value.cells
    body = code(*((cell.source, [tag.text for tag in cell.tags]) for cell in cells if cell.kind is CellKind.CODE))
    body["path"] = str(path.relative_to(ROOT).with_suffix(".ipynb"))
    checked = check_source(text_of(body), str(path.with_suffix(".ipynb")))
    expected = [(each.code, each.message) for each in in_order(checked.diagnostics, checked.file)]
    answer = seen(body)
    assert [(each["code"], each["message"]) for each in answer["diagnostics"]] == expected
    assert answer["runnable"] == (checked.pipeline is not None)


def test_each_cell_says_where_its_code_goes():
    answer = seen(
        code("import math", ("n = 3", ["parameters"]), ("x = n", ["step:load"]), "y = x", ("y", ["skip"]), ("print(y)", ["step:show"]))
    )
    assert [(cell["place"], cell["step"], cell["tagged"], cell["first"], cell["last"]) for cell in answer["cells"]] == [
        ("none", None, False, False, False),
        ("parameters", None, True, False, False),
        ("step", "load", True, True, False),
        ("step", "load", False, False, True),
        ("skip", None, True, False, False),
        ("step", "show", True, True, True),
    ]


def test_an_edge_knows_where_its_value_is_made_and_used_and_who_else_takes_it():
    answer = seen(code(("x = 1", ["step:a"]), ("y = x + 1\nprint(y)", ["step:b"]), ("print(x)", ["step:c"])))
    edge = next(each for each in answer["graph"]["edges"] if (each["source"], each["target"]) == ("a", "b"))
    (value,) = edge["values"]
    assert (value["names"], value["detail"], value["also"]) == (["x"], "int", ["c"])
    assert [(use["cell"], use["range"]["start"]["column"]) for use in (*value["made"], *value["used"])] == [("cell-0", 0), ("cell-1", 4)]


def test_there_is_a_graph_although_there_is_an_error():
    answer = seen(code(("x = 1", ["step:a"]), ("print(x, missing)", ["step:b"])))
    assert [each["code"] for each in answer["diagnostics"]] == ["NB201"]
    assert [node["name"] for node in answer["graph"]["nodes"]] == ["a", "b"]
    assert not answer["runnable"]


def test_a_misspelt_tag_is_mended_by_a_click_and_other_tags_stay():
    answer = seen(code(("x = 1", ["mine", "stp:a"])))
    slip = next(each for each in answer["diagnostics"] if each["code"] == "NB101")
    first, last = slip["fixes"][0], slip["fixes"][-1]
    assert first["tags"] == [{"id": "cell-0", "tags": ["mine", "step:a"], "settings": {}}]
    assert last["tags"][0]["tags"] == ["mine", "stp:a", "ignore:NB101"]


def test_a_cell_needs_the_cells_whose_values_it_takes():
    answer = seen(code(("x = []", ["step:a"]), "x.append(1)", ("print(x)", ["step:b"])))
    assert [cell["needs"] for cell in answer["cells"]] == [[], ["cell-0"], ["cell-1"]]


def test_a_notebook_of_another_language_is_said_to_be_one():
    answer = seen({**code("x <- 1"), "metadata": {"kernelspec": {"language": "R"}}})
    assert [each["code"] for each in answer["diagnostics"]] == ["NB004"]
    assert (answer["graph"], answer["runnable"], [cell["place"] for cell in answer["cells"]]) == (None, False, ["none"])


def test_imports_are_looked_for_beside_the_notebook(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "mine.py").write_text("n = 1", encoding="utf-8")
    notebook = code(("import mine\nprint(mine.n)", ["step:a"]))
    codes = [
        [each["code"] for each in view(Context(root=tmp_path), body={**notebook, "path": path})["diagnostics"]]
        for path in ("folder/a.ipynb", "a.ipynb", "folder/a.py")
    ]
    assert codes == [["NB502"], [], ["NB502"]]


@pytest.mark.parametrize("path", ["", "a.py", "no/such/folder/a.ipynb", "a", "drive:a.ipynb"])
def test_a_notebook_need_not_be_a_file(path):
    assert seen({**code(("x = 1", ["step:a"])), "path": path})["runnable"]


@pytest.mark.parametrize(("said", "left"), [("NB301", {"cpu": 2}), (["NB301", "nb302"], {"cpu": 2, "ignore": ["nb302"]})])
def test_a_diagnostic_ignored_for_nothing_is_taken_out_of_the_settings_too(said, left):
    body = code(("x = 1", ["step:a"]))
    body["cells"][0]["settings"] = {"cpu": 2, "ignore": said}
    fixes = [fix for each in seen(body)["diagnostics"] if "NB301" in each["message"] for fix in each["fixes"]]
    assert fixes[0]["tags"] == [{"id": "cell-0", "tags": ["step:a"], "settings": left}]
