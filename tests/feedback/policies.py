"""Strategies that make any policy, any history and any state."""

from __future__ import annotations

from hypothesis import strategies as st

from jupyter_mlops.feedback.evidence import Approval, Attempt, Movement, Reading, State, Window
from jupyter_mlops.feedback.policy import Age, Alarm, Detector, Drop, Level, Measure, Period, Place, Policy, Rate, Scope, Shift, Trigger

HOUR = 3600.0
COLUMNS = ("a", "b", "c")

numbers = st.floats(0, 1e6, allow_nan=False)
counts = st.integers(1, 99)
names = st.text(st.characters(codec="utf-8", exclude_characters="`", exclude_categories=("C", "Z")), min_size=1, max_size=8)
scopes = st.one_of(
    st.just(Scope()),
    st.builds(Scope, st.just(Place.TOP), counts),
    st.builds(Scope, st.just(Place.FEATURE), st.just(0), names),
    st.just(Scope(Place.PREDICTION)),
)
conditions = st.one_of(
    st.builds(Shift, st.sampled_from(Measure), numbers, scopes, counts),
    st.builds(Alarm, st.sampled_from(Detector)),
    st.builds(Level, names, st.floats(-1e6, 1e6), st.booleans(), st.booleans(), counts),
    st.builds(Drop, names, numbers, st.booleans(), counts),
    st.builds(Age, numbers),
)
triggers = st.lists(conditions, min_size=1, max_size=3).map(lambda some: Trigger(tuple(some)))
rates = st.builds(Rate, st.integers(1, 5).map(float), st.sampled_from(Period))
policies = st.builds(
    Policy,
    triggers=st.lists(triggers, min_size=1, max_size=4).map(tuple),
    at_most=st.none() | rates,
    rows=st.integers(0, 1000),
    approval_above=st.none() | numbers,
    budget=st.none() | st.builds(Rate, numbers, st.sampled_from(Period)),
    input_drift_retrains=st.booleans(),
)

# Policies whose conditions often hold on the histories below.
likely = st.one_of(
    st.builds(
        Shift,
        st.just(Measure.PSI),
        st.floats(0, 0.5),
        st.sampled_from([Scope(), Scope(Place.TOP, 2), Scope(Place.FEATURE, 0, "a"), Scope(Place.PREDICTION)]),
        st.integers(1, 3),
    ),
    st.builds(Alarm, st.just(Detector.ADWIN)),
    st.builds(Level, st.just("accuracy"), st.floats(0.5, 1), st.just(value=True), st.booleans(), st.integers(1, 2)),
    st.builds(Drop, st.just("accuracy"), st.floats(0, 0.3), st.just(value=False), st.integers(1, 2)),
    st.builds(Age, st.floats(0, 2)),
)
likely_policies = st.builds(
    Policy,
    triggers=st.lists(st.lists(likely, min_size=1, max_size=2).map(lambda some: Trigger(tuple(some))), min_size=1, max_size=3).map(tuple),
    at_most=st.none() | rates,
    rows=st.integers(0, 30),
    approval_above=st.none() | st.floats(0, 20),
    budget=st.none() | st.builds(Rate, st.floats(0, 60), st.sampled_from(Period)),
    input_drift_retrains=st.booleans(),
)
movements = st.builds(Movement, effects=st.fixed_dictionaries({"PSI": st.floats(0, 1)}), drifted=st.booleans(), rank=st.integers(0, 3))
readings = st.floats(0, 1).map(lambda value: Reading(value, value - 0.05, value + 0.05))


@st.composite
def histories(draw: st.DrawFn, *, labels: bool = True) -> list[Window]:
    """Consecutive windows of an hour."""
    made = []
    for at in range(draw(st.integers(0, 12))):
        known = labels and draw(st.booleans())
        made.append(
            Window(
                start=at * HOUR,
                end=(at + 1) * HOUR,
                rows=100,
                labelled=draw(st.integers(0, 20)) if known else 0,
                features={name: draw(movements) for name in COLUMNS},
                prediction=draw(st.none() | movements),
                alarms=("ADWIN",) if known and draw(st.booleans()) else (),
                metrics={"accuracy": draw(readings)} if known else {},
                estimates={"accuracy": draw(readings)} if labels else {},
            )
        )
    return made


@st.composite
def states(draw: st.DrawFn) -> State:
    """Some attempts, some approvals."""
    times = sorted(draw(st.lists(st.floats(0, 12 * HOUR), max_size=3)))
    outcomes = st.sampled_from(["promoted", "rejected", "rolled back", "running"])
    keys = st.lists(st.sampled_from(["ADWIN on error", "PSI of `a`", "accuracy < 0.9"]), max_size=2).map(tuple)
    return State(
        trained_at=draw(st.none() | st.floats(-3 * 86400, 0)),
        accepted={"accuracy": 0.9},
        cost=draw(st.floats(0, 30)),
        attempts=tuple(Attempt(at=at, causes=draw(keys), cost=draw(st.floats(0, 30)), outcome=draw(outcomes)) for at in times),
        approvals=tuple(Approval(at=draw(st.floats(0, 12 * HOUR)), by="ada", causes=draw(keys)) for _ in range(draw(st.integers(0, 2)))),
    )
