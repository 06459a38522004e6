"""A gate's verdicts: what passes, what fails, what cannot be told, and what is not judged at all."""

import json
from datetime import UTC, datetime

import numpy as np
import pytest

import jupyter_mlops as ml
from jupyter_mlops.errors import Rejected
from jupyter_mlops.evaluation import row_digests
from jupyter_mlops.report import Verdict

AUC = [{"metric": "roc_auc", "rule": "non_inferior", "against": "champion", "margin": 0.005}]


def failed(report):
    return [check.name for check in report.checks if check.status == "fail"]


def test_a_better_challenger_passes(churn):
    rows, good, worse = churn
    report = ml.gate(good, rows, target="y", champion=worse, rules=AUC, time="at")
    assert report.verdict is Verdict.PASS
    assert str(report).startswith("PASS: gate gate: roc auc is not worse than champion by more than 0.005 on 5,000 rows")
    assert 0.9 > report.metrics["roc_auc"] > report.values["champion"]["roc_auc"]


def test_a_worse_challenger_fails(churn):
    rows, good, worse = churn
    report = ml.gate(worse, rows, target="y", champion=good, rules=AUC, time="at")
    assert report.verdict is Verdict.FAIL
    assert not report.refused
    assert "would pass only at a margin of" in report.view()["changes"][0]


def test_too_few_rows_cannot_tell_and_name_how_many_could(churn):
    rows, good, _ = churn
    few = {name: values[:400] for name, values in rows.items()}
    other = np.clip(good[:400] + np.random.default_rng(0).normal(size=400) * 0.15, 0, 1)
    rule = [{"metric": "accuracy", "rule": "non_inferior", "margin": 0.005}]
    report = ml.gate(good[:400], few, target="y", champion=other, rules=rule, time="at")
    assert report.verdict is Verdict.INCONCLUSIVE
    assert report.n_needed > 400
    assert f"about {report.n_needed:,} rows are needed" in str(report).splitlines()[0]


@pytest.mark.parametrize("n", [1, 30])
def test_below_the_least_number_of_rows_nothing_passes(churn, n):
    rows, good, worse = churn
    few = {name: values[:n] for name, values in rows.items()}
    report = ml.gate(good[:n], few, target="y", champion=worse[:n], rules=[{"metric": "accuracy", "rule": "non_inferior", "margin": 0.9}])
    assert report.verdict is Verdict.INCONCLUSIVE
    assert report.n_needed == 200


def test_a_bad_slice_fails_a_challenger_that_is_better_overall(churn):
    rows, good, worse = churn
    here = rows["country"] == "NL"
    mixed = np.where(here, 1 - good, good)
    rules = [{"metric": "accuracy", "rule": "at_least", "value": 0.5}, {"metric": "accuracy", "rule": "non_inferior", "margin": 0.5}]
    report = ml.gate(mixed, rows, target="y", champion=worse, rules=rules[1:], slices={"by": ["country"], "margin": 0.1})
    verdicts = {row.scope: row.verdict for row in report.rows}
    assert verdicts["all rows"] is Verdict.PASS
    assert verdicts["country = NL"] is Verdict.FAIL
    assert verdicts["country = DE"] is Verdict.PASS
    assert report.verdict is Verdict.FAIL


def test_slices_without_harm_need_no_proof_each(churn):
    rows, good, _ = churn
    other = np.clip(good + np.random.default_rng(0).normal(size=5000) * 0.05, 0, 1)
    many = {**rows, "shop": np.arange(5000) % 15}
    settings = {"target": "y", "champion": other, "rules": [{"metric": "accuracy", "rule": "non_inferior", "margin": 0.02}]}
    assert ml.gate(good, many, **settings, slices=["shop"]).verdict is Verdict.INCONCLUSIVE
    assert ml.gate(good, many, **settings, slices={"by": ["shop"], "require": "no_harm"}).verdict is Verdict.PASS


def test_rows_of_the_training_are_not_judged(churn):
    rows, good, worse = churn
    seen = {name: values[:120] for name, values in rows.items()}
    for training in (seen, row_digests(seen), {"digests": row_digests(seen)}):
        report = ml.gate(good, rows, target="y", champion=worse, rules=AUC, training=training)
        assert (report.verdict, report.refused, report.rows) == (Verdict.FAIL, True, ())
        assert "120 of 5,000 rows were in training" in str(report).splitlines()[0]


def test_shuffled_time_is_not_judged(churn):
    rows, good, worse = churn
    order = np.random.default_rng(0).permutation(5000)
    report = ml.gate(
        good[order], {name: values[order] for name, values in rows.items()}, target="y", champion=worse[order], rules=AUC, time="at"
    )
    assert failed(report) == ["time order"]


def test_rows_before_the_end_of_training_are_not_judged(churn):
    rows, good, worse = churn
    report = ml.gate(good, rows, target="y", champion=worse, rules=AUC, time="at", training={"end": rows["at"][9]})
    assert failed(report) == ["later than training"]
    assert "10 of 5,000 rows" in str(report)


def test_old_rows_are_not_judged(churn):
    rows, good, worse = churn
    settings = {"target": "y", "champion": worse, "rules": AUC, "time": "at", "max_age_days": 30}
    last = datetime(2026, 9, 25, 7, tzinfo=UTC)  # 5,000 hours after the first of March
    assert ml.gate(good, rows, **settings, evaluated_at=last).verdict is Verdict.PASS
    assert failed(ml.gate(good, rows, **settings, evaluated_at="2026-11-25")) == ["age"]


def test_a_test_set_wears_out_by_other_challengers_only(churn):
    rows, good, worse = churn
    settings = {"target": "y", "champion": worse, "rules": AUC, "max_uses": 1}
    for _ in range(3):  # a cell that is run again decides nothing new
        assert not ml.gate(good, rows, **settings).refused
    shuffled = ml.gate(good * 0.99, rows, **settings)
    assert failed(shuffled) == ["uses of the test set"]


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_answers_that_are_not_finite_fail(churn, broken):
    rows, good, worse = churn
    bad = good.copy()
    bad[7] = broken
    report = ml.gate(bad, rows, target="y", champion=worse, rules=AUC)
    assert "NaN or infinite answers on 1 of 5,000 rows" in str(report).splitlines()[0]
    assert report.verdict is Verdict.FAIL


def test_a_model_that_raises_fails_with_its_words(churn):
    rows, _, worse = churn

    def model(features):
        raise KeyError("unknown category `FR`")

    report = ml.gate(model, rows, target="y", champion=worse, rules=AUC)
    assert "the challenger raised `KeyError`" in str(report).splitlines()[0]


def test_an_empty_table_is_not_judged():
    report = ml.gate(np.empty(0), {"x": np.empty(0), "y": np.empty(0, dtype=int)}, target="y", rules=AUC)
    assert "there are no rows" in str(report).splitlines()[0]


def test_one_class_leaves_an_auc_undecided(churn):
    rows, good, worse = churn
    report = ml.gate(good, {**rows, "y": np.ones(5000, dtype=int)}, target="y", champion=worse, rules=AUC)
    assert report.verdict is Verdict.INCONCLUSIVE


def test_a_missing_label_is_not_judged(churn):
    rows, good, worse = churn
    labels = rows["y"].astype(float)
    labels[3] = np.nan
    assert failed(ml.gate(good, {**rows, "y": labels}, target="y", champion=worse, rules=AUC)) == ["labels"]


def test_a_missing_column_is_named(churn):
    rows, good, _ = churn
    with pytest.raises(ValueError, match=r"^`data` has no column `churned`; it has `x`, `y`"):
        ml.gate(good, rows, target="churned")


def test_a_champion_that_the_registry_does_not_have_is_said(churn):
    rows, good, _ = churn
    report = ml.gate(good, rows, target="y", champion="models:/churn@champion", baseline="majority")
    assert report.verdict is Verdict.PASS
    assert [check.found for check in report.checks if check.name == "champion"] == [
        "there is no model registry yet, so no `churn`: compared with the baseline only"
    ]
    assert [row.against for row in report.rows] == ["baseline"]


@pytest.mark.slow
def test_a_registry_that_cannot_be_reached_is_no_missing_champion(churn, monkeypatch):
    rows, good, _ = churn
    monkeypatch.setenv("MLFLOW_REGISTRY_URI", "http://someone:secret@127.0.0.1:9")
    report = ml.gate(good, rows, target="y", champion="models:/churn@champion", baseline="majority")
    assert failed(report) == ["champion"]
    assert "cannot be reached" in str(report)
    assert "secret" not in str(report)


def test_a_broken_saved_model_is_no_fast_one(churn, tmp_path):
    rows, good, worse = churn
    report = ml.gate(good, rows, target="y", champion=worse, rules=AUC, latency={"p99_ms": 5, "model": tmp_path}, size={"max_bytes": 10})
    assert report.verdict is not Verdict.PASS
    assert "it is no SavedModel" in str(report)


def test_the_card_gives_the_defaults(churn):
    rows, good, worse = churn
    ml.problem(
        "churn",
        metric="roc_auc",
        target="y",
        margin=0.01,
        good_enough=0.95,
        time_column="at",
        slices="country",
        fairness_groups="sex",
        max_fairness_difference=0.2,
    )
    report = ml.gate(good, rows, champion=worse, slices={"by": "country", "margin": 0.01})
    found = [(row.metric, row.scope, row.rule, row.threshold) for row in report.rows[:4]]
    assert found == [
        ("roc_auc", "all rows", "non_inferior", -0.01),
        ("roc_auc", "all rows", "at_least", 0.95),
        ("demographic_parity_difference", "groups of sex", "at_most", 0.2),
        ("equalized_odds_difference", "groups of sex", "at_most", 0.2),
    ]
    assert report.verdict is Verdict.FAIL  # not good enough


def test_rules_are_read_from_a_file(churn, tmp_path):
    rows, good, worse = churn
    path = tmp_path / "gate.yaml"
    path.write_text(
        "metric: roc_auc\nrule: non_inferior\nmargin: 1%\nslices: {by: [country], margin: 0.02}\ndata: {order_by: at, max_uses: 20}\n"
    )
    report = ml.gate(good, rows, target="y", champion=worse, rules=path)
    assert [row.scope for row in report.rows] == ["all rows", "country = DE", "country = NL", "country = US"]
    assert report.rows[0].unit == "relative"
    assert report.verdict is Verdict.PASS


def test_an_unknown_key_of_a_rule_is_named(churn):
    rows, good, worse = churn
    with pytest.raises(ValueError, match=r"^a rule has no `treshold`"):
        ml.gate(good, rows, target="y", champion=worse, rules=[{"metric": "accuracy", "treshold": 1}])


def test_a_regression_is_judged_in_shares_of_the_champions_error():
    rng = np.random.default_rng(0)
    y = rng.normal(size=3000)
    rows = {"x": rng.normal(size=3000), "y": y}
    close, far = y + rng.normal(size=3000) * 0.5, y + rng.normal(size=3000) * 0.8
    rule = [{"metric": "rmse", "rule": "superior", "margin": "10%"}]
    assert ml.gate(close, rows, target="y", champion=far, rules=rule).verdict is Verdict.PASS
    assert ml.gate(far, rows, target="y", champion=close, rules=rule).verdict is Verdict.FAIL


def test_a_report_is_signed_and_says_so(churn):
    rows, good, worse = churn
    report = ml.gate(worse, rows, target="y", champion=good, rules=AUC)
    with pytest.raises(ValueError, match="needs a `note`"):
        report.approve("ada")
    report.approve("ada", "the champion is switched off on Friday")
    assert [(each["by"], each["verdict"]) for each in report.approvals] == [("ada", "fail")]
    assert "signed by ada" in str(report)


def test_the_same_evidence_gives_the_same_report(churn):
    rows, good, worse = churn
    first, second = (
        ml.gate(good, rows, target="y", champion=worse, rules=[*AUC, {"metric": "log_loss", "rule": "superior"}]) for _ in "ab"
    )
    assert first.digest == second.digest
    assert json.dumps(first.view()) == json.dumps(second.view())


def test_an_inconclusive_gate_stops_a_step_unless_it_may_shadow(churn):
    rows, good, _worse = churn
    few = {name: values[:250] for name, values in rows.items()}
    names = {"gate": ml.gate, "few": few, "good": good[:250], "rule": [{"metric": "accuracy", "rule": "superior", "margin": 0.05}]}
    source = "report = gate(good, few, target='y', champion=good, rules=rule, on_inconclusive={!r})"
    loose = {**names, "rule": [{"metric": "accuracy", "rule": "non_inferior", "margin": 0.005}]}
    with pytest.raises(Rejected, match=r"^INCONCLUSIVE"):
        exec(compile(source.format("block"), "churn.ipynb › cell 5 (step gate)", "exec"), loose)
    exec(compile(source.format("shadow"), "churn.ipynb › cell 5 (step gate)", "exec"), loose)
    assert loose["report"].verdict is Verdict.INCONCLUSIVE


def test_frames_of_every_kind_are_the_same_evidence(churn):
    import pandas as pd
    import pyarrow as pa

    rows, good, worse = churn
    frame = pd.DataFrame(rows)
    digests = {ml.gate(good, table, target="y", champion=worse, rules=AUC).digests["data"] for table in (rows, frame, pa.table(rows))}
    assert len(digests) == 1


def test_a_fitted_model_is_asked_with_the_columns_it_was_fitted_with(churn):
    import pandas as pd
    from sklearn.linear_model import LogisticRegression

    rows, _, worse = churn
    frame = pd.DataFrame(rows)
    model = LogisticRegression().fit(frame[["x"]], frame["y"])
    latency = {"p99_ms": 1000, "n": 300, "warmup": 5}
    report = ml.gate(model, frame, target="y", champion=worse, rules=AUC, latency=latency, size=100_000)
    assert report.verdict is Verdict.PASS
    assert [row.metric for row in report.rows] == ["roc_auc", "latency p99", "model size"]


def test_the_html_is_small_and_needs_no_script(churn):
    rows, good, worse = churn
    many = {**rows, "shop": np.arange(5000) % 20}
    report = ml.gate(good, many, target="y", champion=worse, rules=AUC, slices={"by": ["country", "shop"], "margin": 0.1}, calibration=0.1)
    page = report.html()
    assert len(page.encode()) < 100_000
    assert "<script" not in page
    assert 'role="img"' in page
    assert "PASS" in page
