"""Findings as JSON, SARIF and GitHub annotations."""

from __future__ import annotations

import json

from nb2pipe.diagnostics.as_github import as_github
from nb2pipe.diagnostics.as_json import as_json
from nb2pipe.diagnostics.as_sarif import as_sarif
from nb2pipe.diagnostics.model import Edit
from nb2pipe.diagnostics.place import CellText, FileText
from nb2pipe.rules.nb109 import UnusedSuppression
from nb2pipe.rules.nb201 import NameReadBeforeDefinition
from nb2pipe.source import CellId


def test_json_of_one_finding(file, findings) -> None:
    document = as_json([(file, [findings[1]])])
    position = {"line": 1, "column": 12, "utf16": 12}
    assert document == {
        "schema": "nb2pipe.diagnostics/1",
        "summary": {"error": 1, "warning": 0, "note": 0},
        "files": [
            {
                "path": "churn.ipynb",
                "diagnostics": [
                    {
                        "code": "NB201",
                        "slug": "name-read-before-definition",
                        "severity": "error",
                        "message": "`df` is read in step `train` but no earlier step defines it",
                        "why": "each step runs in its own container; it receives only what earlier steps produce",
                        "fix": "define `df` in a cell tagged `step:` above, or make it a parameter",
                        "label": "read here",
                        "place": {
                            "cell": "b",
                            "number": 5,
                            "step": "train",
                            "range": {"start": position, "end": {"line": 1, "column": 14, "utf16": 14}},
                        },
                        "labels": [
                            {
                                "text": "deleted here",
                                "place": {
                                    "cell": "a",
                                    "number": 2,
                                    "step": "load",
                                    "range": {"start": {"line": 2, "column": 4, "utf16": 4}, "end": {"line": 2, "column": 6, "utf16": 6}},
                                },
                            }
                        ],
                        "edits": [],
                    }
                ],
            }
        ],
    }


def test_json_places_of_files_and_whole_cells(file, findings) -> None:
    document = json.loads(json.dumps(as_json([(file, findings)])))
    places = [each["place"] for each in document["files"][0]["diagnostics"]]
    position = {"line": 3, "column": 4, "utf16": 4}
    assert places[0] is None
    assert places[1] == {"cell": None, "number": None, "step": None, "range": {"start": position, "end": position}}
    assert places[-1] == {"cell": "c", "number": 7, "step": None, "range": None}


def test_json_counts_the_editors_columns(span) -> None:
    file = FileText(path="nb", cells={CellId("a"): CellText(number=1, source="x = '😀' + df")})
    finding = NameReadBeforeDefinition(name="df", step="s").at(span("a", 1, 10, 12), edits=(Edit(span("a", 1, 10, 12), "dg"),))
    (found,) = as_json([(file, [finding])])["files"][0]["diagnostics"]
    assert found["place"]["range"]["start"] == {"line": 1, "column": 10, "utf16": 11}
    assert found["edits"] == [{"text": "dg", "place": found["place"]}]


def test_sarif_has_what_the_standard_demands(file, findings) -> None:
    log = json.loads(json.dumps(as_sarif([(file, findings), (FileText(path="a b/é.py"), [findings[4]])])))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["NB001", "NB106", "NB111", "NB201"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        assert result["message"]["text"]
    assert [result["ruleId"] for result in run["results"]] == ["NB001", "NB001", "NB106", "NB201", "NB111", "NB001"]
    place = run["results"][3]["locations"][0]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "churn.ipynb"},
        "region": {"startLine": 1, "startColumn": 13, "endLine": 1, "endColumn": 15},
    }
    assert place["logicalLocations"] == [{"name": "cell 5", "fullyQualifiedName": "cell 5", "kind": "cell"}]
    assert run["results"][3]["relatedLocations"][0]["message"] == {"text": "deleted here"}
    assert run["results"][-1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/%C3%A9.py"


def test_known_lines_of_the_file_are_used(span) -> None:
    file = FileText(path="nb.ipynb", cells={CellId("a"): CellText(number=1, source="x\ndf", file_lines=(10, 11))})
    finding = NameReadBeforeDefinition(name="df", step="s").at(span("a", 2, 0, 2))
    region = as_sarif([(file, [finding])])["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 11}
    assert "line=11," in as_github([finding], file)


def test_github_annotations(file, findings) -> None:
    assert as_github(findings, file) == (
        "::error file=churn.ipynb,title=NB001 not-a-notebook::not a notebook: it is empty\n"
        "::error file=churn.ipynb,line=3,col=5,title=NB001 not-a-notebook::line 3, column 5: not a notebook: it is broken\n"
        "::warning file=churn.ipynb,title=NB106 untagged-code-cell::cell 2 (step load), line 1, column 1: "
        "no `step:` tag stands above this code, so it becomes a step of its own\n"
        "::error file=churn.ipynb,title=NB201 name-read-before-definition::cell 5 (step train), line 1, column 13: "
        "`df` is read in step `train` but no earlier step defines it\n"
        "::notice file=churn.ipynb,title=NB111 foreign-tag::cell 7: `hide` is not one of nb2pipe's tags and is ignored\n"
    )


def test_github_escapes_what_would_end_a_command() -> None:
    file = FileText(path="a,b:c%.ipynb")
    text = as_github([UnusedSuppression(suppressed="x\n::error::y%").at(None)], file)
    assert text.startswith("::warning file=a%2Cb%3Ac%25.ipynb,title=NB109 unused-suppression::`ignore:x%0A::error::y%25`")
    assert text.count("\n") == 1
