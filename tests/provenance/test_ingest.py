"""Folding the journal: each event once, whatever happens between."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_mlops.provenance import Entity, record
from jupyter_mlops.provenance.ingest import open_index


def content(home):
    with closing(open_index(home)) as connection:
        tables = ("node", "edge", "activity", "part", "progress")
        return {table: sorted(connection.execute(f"SELECT * FROM {table}").fetchall()) for table in tables}


def test_reading_twice_changes_nothing(churn):
    assert content(churn) == content(churn)


def test_a_deleted_index_is_made_again(churn):
    before = content(churn)
    for path in (churn / "lineage").glob("lineage.db*"):
        path.unlink()
    assert content(churn) == before


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(0, 10_000), max_size=4))
def test_a_journal_that_grows_in_pieces_gives_the_same_index(churn, tmp_path_factory, cuts):
    whole = (churn / "lineage" / "events.jsonl").read_bytes()
    other = tmp_path_factory.mktemp("grown")
    (other / "lineage").mkdir()
    for cut in [*sorted(cuts), len(whole)]:
        (other / "lineage" / "events.jsonl").write_bytes(whole[:cut])
        content(other)
    assert content(other) == content(churn)


def test_a_broken_line_is_counted_and_passed_over(churn):
    with (churn / "lineage" / "events.jsonl").open("ab") as file:
        file.write(b'{"half": \n[1]\n{"run": 3}\n')
    record("track", (), (Entity("model", "later", "1"),))
    found = content(churn)
    assert found["progress"][0][2] == 3
    assert "later" in {row[3] for row in found["node"]}


def test_another_journal_is_read_from_its_beginning(churn):
    content(churn)
    path = churn / "lineage" / "events.jsonl"
    path.unlink()
    record("track", (), (Entity("model", "new", "1"),))
    assert {row[3] for row in content(churn)["node"] if row[1] == "model"} == {"new"}


def test_a_killed_reader_loses_and_repeats_nothing(churn, tmp_path):
    line = (churn / "lineage" / "events.jsonl").read_bytes()
    program = (
        "import os, sys, pathlib\nfrom jupyter_mlops.provenance import fold, ingest\nadd = fold.Fold.add\ncount = [0]\n"
        "def dying(self, event, at):\n    count[0] += 1\n    if count[0] == 3: os._exit(9)\n    return add(self, event, at)\n"
        "fold.Fold.add = dying\ningest.open_index(pathlib.Path(sys.argv[1]))"
    )
    assert subprocess.run([sys.executable, "-c", program, str(churn)], check=False).returncode == 9
    other = tmp_path / "other"
    (other / "lineage").mkdir(parents=True)
    (other / "lineage" / "events.jsonl").write_bytes(line)
    assert content(churn) == content(other)


def test_events_of_another_producer_fold_as_openlineage_reads_them(project):
    event = {
        "eventType": "COMPLETE", "eventTime": "2026-01-01T00:00:00Z", "producer": "spark", "schemaURL": "x",
        "run": {"runId": "r"}, "job": {"namespace": "spark", "name": "etl"},
        "inputs": [{"namespace": "s3://a", "name": "x"}], "outputs": [{"namespace": "s3://b", "name": "y"}, {"namespace": "s3://b", "name": "z"}],
    }  # fmt: skip
    (project / "lineage").mkdir(parents=True)
    (project / "lineage" / "events.jsonl").write_text(json.dumps(event) + "\n")
    assert len(content(project)["edge"]) == 2
