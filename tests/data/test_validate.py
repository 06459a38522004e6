"""A suite says what a table must be; a table that is not has its rows shown; what cannot be told is said."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import jupyter_mlops as ml
from jupyter_mlops.data import Expectation, Suite
from jupyter_mlops.data.distributions import distance
from jupyter_mlops.errors import Rejected
from jupyter_mlops.report import Verdict


def people(count=500, seed=0):
    draw = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "id": np.arange(count) + 1000 * seed,
            "age": draw.integers(18, 90, count),
            "income": draw.lognormal(10, 0.5, count),
            "town": draw.choice(["Bern", "Oslo", "Rome"], count),
            "left": draw.random(count) < 0.2,
        }
    )


def suite(*expectations):
    return Suite(name="people", expectations=tuple(Expectation(f"expect_{kind}", kwargs) for kind, kwargs in expectations))


BETWEEN = ("column_values_to_be_between", {"column": "age", "min_value": 0, "max_value": 120})


def test_the_next_table_of_the_same_kind_is_as_the_proposal_expects():
    """Chance is given room: 40 tables from one source, and at most two alarms (twenty expectations each)."""
    proposed = ml.propose_suite(people())
    alarms = [ml.validate(people(seed=seed), proposed).text() for seed in range(1, 41)]
    assert len([text for text in alarms if "all 20 expectations are met" not in text]) <= 2


DAMAGE = {
    "a column is missing": (lambda frame: frame.drop(columns="age"), "there is no column `age`"),
    "a column is new": (lambda frame: frame.assign(shoe=1), "unknown `shoe`"),
    "a type has changed": (lambda frame: frame.assign(age=frame["age"].astype(str)), "text (str)"),
    "a column is empty": (lambda frame: frame.assign(income=np.nan), "500 of 500 missing"),
    "a category is new": (lambda frame: frame.assign(town=["Paris", *frame["town"][1:]]), "1 of 500 not among them"),
    "a value is infinite": (lambda frame: frame.assign(income=[np.inf] * 9 + [*frame["income"][9:]]), "9 of 500 outside"),
    "a key repeats": (lambda frame: frame.assign(id=1), "500 of 500 repeated"),
    "numbers have moved": (lambda frame: frame.assign(age=np.minimum(frame["age"] + 15, 89)), "ks 0.2"),
    "categories have moved": (lambda frame: frame.assign(town=np.where(frame["age"] > 40, "Oslo", frame["town"])), "chi-squared 0."),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_found(name):
    damage, found = DAMAGE[name]
    report = ml.validate(damage(people()), ml.propose_suite(people()))
    assert report.verdict is Verdict.FAIL
    assert found in report.text()


def test_failing_rows_are_shown_by_index_and_value():
    frame = people().set_index("id", drop=False)
    frame.loc[[17, 40], "age"] = [-1, 300]
    report = ml.validate(frame, suite(BETWEEN))
    assert report.text().splitlines()[0] == (
        "people: 1 of 1 expectations are not met on 500 rows: `age` between 0 and 120 (2 of 500 outside)"
    )
    rows = report.view()["expectations"][0]["rows"]
    assert [(row[""], row["age"]) for row in rows] == [("17", "-1"), ("40", "300")]
    assert "<strong>300</strong>" in report.html()


def test_an_empty_table_shows_nothing():
    report = ml.validate(people().head(0), suite(BETWEEN))
    assert report.verdict is Verdict.INCONCLUSIVE
    assert report.text().startswith("people: cannot tell on 0 rows")
    assert ml.validate(people().head(0), suite(("column_to_exist", {"column": "age"}))).verdict is Verdict.INCONCLUSIVE


def test_a_column_without_values_is_no_pass():
    frame = people().assign(age=np.nan)
    assert ml.validate(frame, suite(BETWEEN)).verdict is Verdict.INCONCLUSIVE


def test_one_row_has_no_distribution_to_judge():
    """Not an alarm, and not a silent pass."""
    report = ml.validate(people(1), ml.propose_suite(people()))
    assert report.verdict is Verdict.INCONCLUSIVE
    assert "of 1 values no distribution can be told (at least 20)" in report.text()


def test_an_infinite_value_is_none_of_a_column_that_was_finite():
    frame = people()
    frame["income"] = frame["income"].astype(float)
    proposed = ml.propose_suite(frame)
    frame.loc[3, "income"] = float("inf")
    report = ml.validate(frame, proposed)
    assert report.verdict is Verdict.FAIL
    assert "1 of 60 are infinite" in report.text().replace(f"1 of {len(frame)}", "1 of 60")


def test_a_failing_suite_stops_a_step():
    source = "ml.validate(frame, expected)"
    names = {"ml": ml, "frame": people().assign(age=-1), "expected": suite(BETWEEN)}
    with pytest.raises(Rejected, match=r"^people: 1 of 1 expectations are not met") as caught:
        exec(compile(source, "churn.ipynb › cell 2 (step check)", "exec"), names)
    assert caught.value.report.failures == suite(BETWEEN).expectations


def test_a_suite_is_kept_as_json_that_great_expectations_reads(tmp_path):
    proposed = ml.propose_suite(people(), name="people")
    path = proposed.save(tmp_path / "people.json")
    kept = json.loads(path.read_text())
    assert {each["type"] for each in kept["expectations"]} <= {
        "expect_table_columns_to_match_set",
        "expect_column_values_to_not_be_null",
        "expect_column_values_to_be_between",
        "expect_column_values_to_be_in_set",
        "expect_column_values_to_be_unique",
    }
    assert ml.validate(people(seed=1), path).success
    assert proposed.save(tmp_path / "again.json").read_bytes() == path.read_bytes()


def test_the_usual_expectations_need_no_great_expectations():
    code = "import sys, pandas, jupyter_mlops as ml\nframe = pandas.DataFrame({'x': [1, 2, 3]})\n"
    code += "ml.validate(frame, ml.propose_suite(frame))\nprint('great_expectations' in sys.modules, 'scipy.stats' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False False\n"


@pytest.mark.slow
def test_great_expectations_says_the_same():
    pytest.importorskip("great_expectations", reason="the judge of our own evaluation")
    frame = people(60).set_index("id", drop=False)
    frame["gaps"] = frame["income"].where(frame.index % 3 > 0)
    frame["same"] = ["x"] * 60
    cases = suite(
        ("column_to_exist", {"column": "age"}),
        ("column_to_exist", {"column": "none"}),
        ("table_columns_to_match_set", {"column_set": ["age"], "exact_match": False}),
        ("table_columns_to_match_set", {"column_set": ["age"], "exact_match": True}),
        ("table_row_count_to_be_between", {"min_value": 60, "max_value": 60}),
        ("table_row_count_to_be_between", {"min_value": 61}),
        ("column_values_to_not_be_null", {"column": "gaps"}),
        ("column_values_to_not_be_null", {"column": "gaps", "mostly": 0.6}),
        ("column_values_to_not_be_null", {"column": "none"}),
        BETWEEN,
        ("column_values_to_be_between", {"column": "age", "min_value": 30}),
        ("column_values_to_be_between", {"column": "age", "min_value": int(frame["age"].min()), "strict_min": True}),
        ("column_values_to_be_between", {"column": "gaps", "max_value": float(frame["gaps"].max()), "strict_max": True, "mostly": 0.9}),
        ("column_values_to_be_between", {"column": "town", "min_value": 3}),
        ("column_values_to_be_in_set", {"column": "town", "value_set": ["Bern", "Oslo"]}),
        ("column_values_to_be_in_set", {"column": "town", "value_set": ["Bern", "Oslo"], "mostly": 0.2}),
        ("column_values_to_be_unique", {"column": "id"}),
        ("column_values_to_be_unique", {"column": "same"}),
    )
    ours, theirs = ml.validate(frame, cases), ml.validate(frame, cases, engine="gx")
    assert [outcome.verdict for outcome in ours.outcomes] == [outcome.verdict for outcome in theirs.outcomes]
    assert [outcome.unexpected for outcome in ours.outcomes] == [outcome.unexpected for outcome in theirs.outcomes]
    assert [sorted(outcome.rows) for outcome in ours.outcomes] == [sorted(outcome.rows) for outcome in theirs.outcomes]


@pytest.mark.slow
def test_other_expectations_are_left_to_great_expectations():
    pytest.importorskip("great_expectations", reason="what evaluates them")
    frame = people()
    report = ml.validate(frame, suite(BETWEEN, ("column_values_to_match_regex", {"column": "town", "regex": "^[BO]"})))
    assert [outcome.verdict for outcome in report.outcomes] == [Verdict.PASS, Verdict.FAIL]
    assert {row["town"] for row in report.view()["expectations"][1]["rows"]} == {"Rome"}
    with pytest.raises(ValueError, match=r"^Great Expectations has no `expect_magic`$"):
        ml.validate(frame, suite(("magic", {})))


@pytest.mark.slow
def test_a_table_of_a_database_is_validated_there(tmp_path):
    pytest.importorskip("great_expectations", reason="what asks the database")
    import sqlite3

    with sqlite3.connect(tmp_path / "shop.db") as base:
        people().to_sql("people", base)
    base.close()
    address = f"sqlite:///{tmp_path}/shop.db#people"
    assert ml.validate(address, suite(BETWEEN)).success
    assert not ml.validate(address, suite(("column_values_to_be_in_set", {"column": "town", "value_set": ["Bern"]}))).success


def test_what_is_no_table_or_no_suite_is_refused(tmp_path):
    with pytest.raises(TypeError, match=r"not `int`$"):
        ml.validate(3, suite(BETWEEN))
    with pytest.raises(ValueError, match=r"^the suite `x` holds no expectations: it would pass anything$"):
        ml.validate(people(), {"name": "x", "expectations": []})
    with pytest.raises(ValueError, match=r"^nothing can be proposed from a frame of 0 rows and 5 columns$"):
        ml.propose_suite(people().head(0))
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(ValueError, match=r"^`bad.json` is not JSON: "):
        ml.validate(people(), tmp_path / "bad.json")


def test_the_statistics_are_those_of_scipy():
    from scipy import stats

    before, now = [50, 60, 90], [70, 55, 60]
    chi = stats.chi2_contingency([before, now], correction=False)
    assert distance("chi_squared", before, now).p_value == pytest.approx(chi.pvalue, rel=1e-12)
    a, b = np.repeat([0, 1, 2], before), np.repeat([0, 1, 2], now)
    ours = distance("ks", before, now)
    assert ours.effect == pytest.approx(stats.ks_2samp(a, b).statistic, rel=1e-12)
    assert distance("psi", before, before).effect == 0
