"""Live detectors are River's; replay of a log gives River's detections; a run length is kept."""

import pickle

import numpy
import pytest

from jupyter_mlops.monitoring.streams import DETECTORS, detector, replay
from jupyter_mlops.monitoring.streams.watching import run_lengths

ERRORS = {"ddm", "eddm"}


def stream(name, seed, n=20_000, change=True):
    random = numpy.random.default_rng(seed)
    late = (numpy.arange(n) > n // 2) * change
    if name in ERRORS:
        return (random.random(n) < numpy.where(late, 0.35, 0.05 + 0.02 * (seed % 10))).astype(float)
    return random.normal(size=n) + late


def alarms(live, values):
    found = []
    for place, value in enumerate(values.tolist()):
        live.update(value)
        if live.drifted:
            found.append(place)
    return found


@pytest.mark.parametrize("name", DETECTORS)
@pytest.mark.parametrize("seed", range(12))
def test_replay_alarms_exactly_where_river_does(name, seed):
    values = stream(name, seed)
    assert replay(name, values).tolist() == alarms(detector(name), values)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"delta": 0.2, "clock": 7},
        {"clock": 1, "grace_period": 0},
        {"max_buckets": 3, "min_window_length": 1},
        {"delta": 0.9, "max_buckets": 8, "min_window_length": 20},
    ],
)
@pytest.mark.parametrize("seed", range(6))
def test_adwin_replays_river_under_any_settings_and_on_odd_values(settings, seed):
    random = numpy.random.default_rng(seed)
    n = int(random.integers(1, 6000))
    late = numpy.arange(n) > n // 2
    values = [
        random.normal(size=n) + 0.3 * late,
        random.integers(0, 5, n) + 1e6,
        (numpy.arange(n) // 700 % 2).astype(float),
        numpy.ones(n),
        random.standard_cauchy(n),
        (random.random(n) < 0.2 + 0.3 * late).astype(float),
    ][seed]
    assert replay("adwin", values, **settings).tolist() == alarms(detector("adwin", **settings), values)


@pytest.mark.parametrize("name", DETECTORS)
def test_a_change_is_found_soon_and_stationary_values_seldom_alarm(name):
    settings = {"run_length": 100_000}
    assert any(10_000 < place < 13_000 for place in replay(name, stream(name, 3), **settings))
    assert len(replay(name, stream(name, 5, 200_000, change=False), **settings)) <= 6


@pytest.mark.parametrize("name", DETECTORS)
def test_a_detector_pickles_and_resets(name):
    values = stream(name, 1)
    live = detector(name)
    for value in values[:5000].tolist():
        live.update(value)
    again = pickle.loads(pickle.dumps(live))
    assert again.statistic == live.statistic
    live.reset()
    assert alarms(live, values) == alarms(detector(name), values)


@pytest.mark.parametrize("name", DETECTORS)
def test_the_calibration_has_three_run_lengths(name):
    assert list(run_lengths()[name]) == ["10000", "100000", "1000000"]


def test_what_cannot_be_watched_is_refused():
    with pytest.raises(ValueError, match="no detector `cusum`"):
        detector("cusum")
    with pytest.raises(ValueError, match="calibrated for run lengths"):
        detector("ddm", run_length=1e12)
    with pytest.raises(ValueError, match="1 for wrong"):
        replay("ddm", [0.5])
    with pytest.raises(ValueError, match="finite"):
        replay("adwin", [numpy.nan])
