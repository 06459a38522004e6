"""Compiling what is in the editor, asked of a real server."""

from __future__ import annotations

from notebooks import code, validator

from jupyter_mlops.server.documents import text_of
from nb2pipe.api import check_source, compile_pipeline

CELLS = [("x = [1, 2]", ["step:load"]), ("print(sum(x))", ["step:add"])]


def compiled(server, path, cells, *, write=False):
    """Ask for a notebook's pipeline; check the answer against the schema."""
    response = server.ask("POST", "compile", json={"notebook": {**code(*cells), "path": path}, "write": write})
    assert response.status_code == 200, response.text
    answer = response.json()
    assert [error.message for error in validator("Compiled").iter_errors(answer)] == []
    return answer


def refused(server, path, cells, *, write=False):
    response = server.ask("POST", "compile", json={"notebook": {**code(*cells), "path": path}, "write": write})
    assert response.status_code >= 400, response.text
    assert [error.message for error in validator("Problem").iter_errors(response.json())] == []
    return response.json()


def test_the_text_is_the_one_that_the_command_line_writes_and_names_no_folder(server):
    (server.root / "deep").mkdir(exist_ok=True)
    answer = compiled(server, "deep/sums.ipynb", CELLS)
    pipeline = check_source(text_of(code(*CELLS)), "sums.ipynb").pipeline
    assert answer["text"] == compile_pipeline(pipeline).entry_text
    assert str(server.root) not in answer["text"]
    assert (answer["path"], answer["previous"], answer["written"]) == ("deep/sums.yaml", False, False)
    assert not (server.root / "deep" / "sums.yaml").exists()


def test_files_beside_the_notebook_are_found_in_its_own_folder(server):
    folder = server.root / "beside"
    folder.mkdir(exist_ok=True)
    (folder / "own_constants.py").write_text("LIMIT = 3\n", encoding="utf-8")
    known, unknown = ([("from own_constants import *", ["setup"]), (f"print({name})", ["step:tell"])] for name in ("LIMIT", "OTHER"))
    compiled(server, "beside/reads.ipynb", known)
    assert "1 error" in refused(server, "beside/reads.ipynb", unknown)["message"]
    compiled(server, "elsewhere.ipynb", unknown)  # where the file is not, nobody knows what it holds


def test_what_changes_against_the_file_that_was_written_is_told_line_by_line(server):
    first = compiled(server, "changes.ipynb", CELLS, write=True)
    written = (server.root / "changes.yaml").read_text(encoding="utf-8")
    assert (first["written"], written) == (True, first["text"])
    same = compiled(server, "changes.ipynb", CELLS)
    assert (same["previous"], same["added"], same["removed"], same["diff"]) == (True, 0, 0, [])
    other = compiled(server, "changes.ipynb", [CELLS[0], ("print(max(x))", ["step:add"])])
    assert other["added"] == other["removed"] > 0
    assert any("max(x)" in line["text"] for line in other["diff"] if line["kind"] == "added")
    assert (server.root / "changes.yaml").read_text(encoding="utf-8") == written


def test_a_notebook_with_errors_is_refused_and_the_old_file_stays(server):
    compiled(server, "broken.ipynb", CELLS, write=True)
    before = (server.root / "broken.yaml").read_bytes()
    assert "1 error" in refused(server, "broken.ipynb", [("print(missing)", ["step:a"])], write=True)["message"]
    assert (server.root / "broken.yaml").read_bytes() == before


def test_what_somebody_else_wrote_is_never_written_over(server):
    (server.root / "mine.yaml").write_text("my: own\n", encoding="utf-8")
    assert "was not written by nb2pipe" in refused(server, "mine.ipynb", CELLS, write=True)["message"]
    assert (server.root / "mine.yaml").read_text(encoding="utf-8") == "my: own\n"


def test_a_path_outside_the_folder_is_refused(server):
    assert refused(server, "../outside.ipynb", CELLS, write=True)["message"]
    assert not (server.root.parent / "outside.yaml").exists()
