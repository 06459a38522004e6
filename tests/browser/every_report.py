"""Cells that make each kind of report from small data: what a person sees in a notebook."""

SETUP = """
import os, warnings
from pathlib import Path
warnings.filterwarnings("ignore")
import numpy as np, pandas as pd
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
import jupyter_mlops as ml
from jupyter_mlops.place import home
frame = load_breast_cancer(as_frame=True).frame.iloc[:, [0, 1, 2, 3, 4, 20, 30]].rename(columns=lambda name: name.replace(" ", "_"))
frame["clinic"] = np.random.default_rng(0).choice(["north", "south", "west"], len(frame))
train, held_out = frame.iloc[:300], frame.iloc[300:]
names = list(frame.columns[:6])
model = make_pipeline(StandardScaler(), LogisticRegression()).fit(train[names].to_numpy(), train["target"])
"""

PROBLEM = """
ml.problem("tumours", metric="roc_auc", target="target", positive=1, baseline=0.62, good_enough=0.95, margin=0.01,
    business_metric="patients sent home rightly", offline_proxy="ranks as the doctors do", usage="before each biopsy",
    latency_p50_milliseconds=5, latency_p99_milliseconds=20, max_model_bytes=2_000_000, max_training_cost=50,
    slices=["clinic"], fairness_groups=["clinic"], data_needed="500 images", data_available="569 images")
"""

DATASET = """
frame.to_parquet("tumours.parquet")
ml.dataset("tumours.parquet")
"""

SUITE = """
suite = ml.propose_suite(train)
suite
"""

VALIDATION = """
broken = held_out.copy()
broken.loc[broken.index[3:9], "mean_area"] = -1.0
broken.loc[broken.index[20], "clinic"] = "east"
ml.validate(broken, suite)
"""

TRACKING = """
with ml.track("fit") as run:
    run.log_parameters(C=1.0, solver="lbfgs")
    run.log_data(train, "train")
    for step in range(20):
        run.log_metrics(step=step, loss=1 / (step + 1), auc=1 - 0.5 / (step + 1))
run
"""

TUNING = """
def objective(trial):
    C, kind = trial["C"], trial["kind"]
    return -(np.log10(C) - 0.5) ** 2 - (kind == "l1") * 0.3
ml.tune(objective, {"C": (0.001, 1000.0, "log"), "kind": ["l1", "l2"]}, trials=25, direction="maximize")
"""

GATE = """
scores = model.predict_proba(held_out[names].to_numpy())[:, 1]
worse = 1 / (1 + np.exp(-np.random.default_rng(0).normal(2 * held_out["target"] - 1, 1.0)))
ml.gate(scores, held_out[["clinic", "target"]], target="target", champion=worse, baseline="majority", slices={"by": ["clinic"], "min_n": 30},
    fairness=["clinic"], calibration=0.1, name="tumours")
"""

REGISTRATION = """
ml.register(model, "tumours", example=held_out[names].to_numpy()[:20], notebook=lambda rows: model.predict_proba(rows))
"""

SKEW = """
from jupyter_mlops.serving.skew import Skew
from jupyter_mlops.report import Verdict
Skew(Verdict.FAIL, "3 of 40 rows differ by more than 1e-05", 40, 3, 0.0213, 1e-5,
     ((2, "probabilities[0]", "0.9132", "0.9345"), (7, "probabilities[0]", "0.113", "0.1089"), (31, "label", "0", "1")))
"""

DEPLOYMENT = """
from jupyter_mlops.serving.rollout.controller import Controller, SmokeResult
from jupyter_mlops.serving.rollout.deployment import Deployment
from jupyter_mlops.serving.rollout.spec import Spec
from jupyter_mlops.serving.rollout.store import Evidence, Store, Transition, Version
import time
start = int(time.time()) - 100
with Store(home() / "serving" / "serving.db") as store:
    store.append_transition(Transition("churn", start, "NEW", "STABLE", "stable", "1", "was there", {}), versions=[Version("1", "STABLE", smoke=True)])
    controller = Controller(store, "churn", smoke=lambda *_: SmokeResult(True))
    controller.submit(Version("2", "DRAFT"), Spec.read({"shadow": False, "each": {"min_requests": 10000, "max_duration": "10h"}}), now=start)
    controller.tick(start)
    random = np.random.default_rng(0)
    for second in range(start, start + 100):
        counts = {version: (count, int(random.binomial(count, 0.01))) for version, count in {"1": 18, "2": 2}.items()}
        store.add_evidence(Evidence("churn", version, second, count, bad, {80: count}, {"yes": count}) for version, (count, bad) in counts.items())
deployment = Deployment("churn", home(), "ana")
deployment.tick()
deployment
"""

PLAN = """
ml.deploy(Version("7", "", "s3://models/churn/7"), name="churn", target="kserve", stable=Version("6", "", "s3://models/churn/6"),
    rollout={"steps": ["10%", "50%", "100%"]}, options={"mode": "standard"})
"""

DRIFT = """
rng = np.random.default_rng(1)
before = pd.concat([frame.drop(columns="target")] * 8, ignore_index=True)
now = before.sample(3000, replace=True, random_state=1).reset_index(drop=True)
now["mean_area"] *= 1.25
now["clinic"] = rng.choice(["north", "south", "east"], len(now), p=[0.7, 0.2, 0.1])
now["at"] = pd.Timestamp("2026-03-01") + pd.to_timedelta(np.arange(len(now)), unit="h")
ml.drift(before, now, time="at", slices=["clinic"])
"""

MONITOR = """
import pyarrow as pa
from pyarrow import parquet
T0, random = 1_700_000_040.0, np.random.default_rng(0)
folder = home() / "monitoring" / "predictions" / "churn"
folder.mkdir(parents=True, exist_ok=True)
labels, ids = [], 0
ml.profile(pd.DataFrame({"age": random.normal(0, 1, 3000), "income": random.normal(0, 1, 3000)})).save("reference.json")
for minute in range(16):
    age, income = random.normal(0.8 if minute > 11 else 0, 1, 300), random.normal(0, 1, 300)
    said = (age > 0).astype("int64")
    at = T0 + minute * 60 + np.arange(300) * 0.2
    name = [f"m{minute}-{row}" for row in range(300)]
    table = {"prediction_id": [f"{each}/0" for each in name], "request_id": name, "row": pa.array([0] * 300, "int32"),
        "at": pa.array((at * 1e6).astype("int64"), pa.timestamp("us", tz="UTC")), "model": ["churn"] * 300, "version": pa.array([1] * 300, "int64"),
        "signature": ["serving_default"] * 300, "latency_microseconds": [100.0] * 300, "input.age": age, "input.income": income,
        "output.label": said, "output.probabilities": list(np.stack([1 - said * 0.8 - 0.1, said * 0.8 + 0.1], axis=1))}
    parquet.write_table(pa.table(table), folder / f"{int((T0 + minute * 60 + 60) * 1e9):020d}-1-{minute:06d}-v1.parquet")
    wrong = random.random(300) < (0.35 if minute > 12 else 0.1)
    labels.append(pa.table({"prediction_id": table["prediction_id"], "label": np.where(wrong, 1 - said, said)}))
monitor = ml.monitor("churn", reference="reference.json", every="1m", labels=pa.concat_tables(labels))
monitor.run(T0 + 17 * 60)
"""

POLICY = """
policy = ml.retrain_when("PSI > 0.2 on any feature for 2 windows, or ADWIN on error, or age > 30 days; at most once a day; human approval above budget 50",
    monitor=monitor, cost=80, trained_at=T0)
policy.run_once(T0 + 17 * 60)
policy
"""

LINEAGE = """
from jupyter_mlops.provenance import Entity, record
raw, features = Entity("dataset", "s3://lake/raw.parquet", "sha256:1111"), Entity("dataset", "churn/features", "sha256:2222")
record("dataset", (raw,), (features,))
many = [Entity("dataset", "parts/day", str(day)) for day in range(400)]
record("validate", many, (features,))
record("register", (features,), (Entity("model", "churn", "3"),))
record("deploy", (Entity("model", "churn", "3"),), (Entity("deployment", "churn", "3", {"deployment": {"state": "promoted", "traffic": 1.0}}),))
ml.lineage("model:churn")
"""

DIFFERENCE = """
for number, rate, score in (("r1", 0.1, 0.8), ("r2", 0.2, 0.9)):
    record("track", (Entity("dataset", "raw", f"v-{number}"),), (Entity("run", number),),
        {"parameters": {"rate": rate, "depth": 3}, "metrics": {"auc": score}, "environment": {"packages": {"numpy": f"2.{number[1]}"}}})
ml.lineage().difference("r1", "r2")
"""

CELLS = {
    "setup": SETUP, "problem": PROBLEM, "dataset": DATASET, "suite": SUITE, "validation": VALIDATION, "tracking": TRACKING, "tuning": TUNING,
    "gate": GATE, "registration": REGISTRATION, "skew": SKEW, "deployment": DEPLOYMENT, "plan": PLAN, "drift": DRIFT, "monitor": MONITOR,
    "policy": POLICY, "lineage": LINEAGE, "difference": DIFFERENCE,
}  # fmt: skip
