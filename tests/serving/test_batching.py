"""Batching, routing and JSON numbers, without TensorFlow and without a server."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.serving.server.batching import Batched, Batching
from jupyter_mlops.serving.server.evidence import number_bin, prediction_bins
from jupyter_mlops.serving.server.json_response import write_float32, write_float64
from jupyter_mlops.serving.server.routing import Router, Shares
from jupyter_mlops.serving.server.signature import Signature, Tensor
from jupyter_mlops.serving.server.status import Code, Refused


class _Doubler:
    """Counts its calls; refuses negative numbers; waits while `gate` is closed."""

    def __init__(self):
        self.signatures = {"serving_default": Signature({"x": Tensor("DT_FLOAT", (-1,))}, {"y": Tensor("DT_FLOAT", (-1,))})}
        self.sizes = []
        self.gate = threading.Event()
        self.gate.set()

    def run(self, signature, inputs):
        self.gate.wait()
        self.sizes.append(len(inputs["x"]))
        if (inputs["x"] < 0).any():
            raise Refused(Code.INVALID_ARGUMENT, "negative", model_failed=True)
        return {"y": inputs["x"] * 2}


@pytest.fixture
def batched():
    made = []

    def make(**parameters):
        model = _Doubler()
        made.append(Batched(model, Batching(**parameters)))
        return model, made[-1]

    yield make
    for each in made:
        each.close()


def _ask(servable, *values):
    return servable.run("serving_default", {"x": np.array(values, "float32")})["y"].tolist()


def test_requests_that_arrive_together_are_fed_together_and_each_gets_its_own_back(batched):
    model, servable = batched(max_batch_size=8, batch_timeout_micros=10_000_000, num_batch_threads=1)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda value: _ask(servable, value), range(8)))
    assert (answers, model.sizes) == ([[value * 2.0] for value in range(8)], [8])


def test_one_client_s_bad_row_does_not_fail_the_others(batched):
    _, servable = batched(max_batch_size=2, batch_timeout_micros=10_000_000, num_batch_threads=1)
    with ThreadPoolExecutor(2) as pool:
        good, bad = pool.submit(_ask, servable, 3), pool.submit(_ask, servable, -1)
        assert good.result() == [6.0]
        with pytest.raises(Refused, match="negative"):
            bad.result()


def test_a_batch_is_filled_up_to_an_allowed_size(batched):
    model, servable = batched(max_batch_size=8, batch_timeout_micros=0, allowed_batch_sizes=(4, 8))
    assert _ask(servable, 1, 2, 3) == [2.0, 4.0, 6.0]
    assert model.sizes == [4]


def test_a_request_larger_than_a_batch_is_refused(batched):
    _, servable = batched(max_batch_size=2)
    with pytest.raises(Refused, match="Task size 3 is larger than maximum input batch size 2"):
        _ask(servable, 1, 2, 3)


def test_a_full_queue_refuses_instead_of_growing(batched):
    model, servable = batched(max_batch_size=1, max_enqueued_batches=1, num_batch_threads=1, batch_timeout_micros=0)
    model.gate.clear()
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(_ask, servable, value) for value in range(8)]
        refused = next(done for done in _finished(asked) if done.exception() is not None)
        assert refused.exception().code is Code.UNAVAILABLE
        model.gate.set()
        assert all(done.exception() is None or done.exception().code is Code.UNAVAILABLE for done in asked)


def _finished(asked):
    from concurrent.futures import as_completed

    return as_completed(asked, timeout=30)


@pytest.mark.parametrize("sizes", [(4,), (8, 4), (4, 4, 8)])
def test_allowed_sizes_must_rise_and_end_with_the_largest(sizes):
    with pytest.raises(ValueError, match="allowed_batch_sizes"):
        Batching(8, allowed_batch_sizes=sizes).check()


@given(st.lists(st.integers(1, 100), min_size=1, max_size=4), st.integers(1, 500))
def test_after_n_requests_each_version_has_its_share_give_or_take_one(weights, requests):
    total = sum(weights)
    shares = tuple((version, weight / total) for version, weight in enumerate(weights, 1))
    router = Router("m", Shares(shares))
    chosen = [router.choose() for _ in range(requests)]
    assert all(abs(chosen.count(version) - share * requests) <= len(weights) - 1 + 1e-6 for version, share in shares)


def test_a_growing_canary_keeps_the_keys_that_it_has():
    def keys(share):
        router = Router("m", Shares(((2, share), (1, 1 - share))))
        return {key for key in map(str, range(2000)) if router.choose(key) == 2}

    tenth, half = keys(0.1), keys(0.5)
    assert tenth < half
    assert (150 < len(tenth) < 250, 900 < len(half) < 1100) == (True, True)


NUMBERS = {0.1: "0.1", 1.0: "1.0", 1 / 3: "0.333333343", 9e6: "9e+06", 3e-5: "3e-05", float("nan"): "NaN", float("-inf"): "-Infinity"}


@pytest.mark.parametrize("value", NUMBERS)
def test_a_float_is_written_as_tf_serving_writes_it(value):
    assert write_float32(float(np.float32(value))) == NUMBERS[value]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_double_reads_back_as_itself(value):
    assert float(write_float64(value)) == value


@pytest.mark.parametrize(
    ("value", "expected"), [(0.0, "0.00"), (1.0, "0.95"), (0.37, "0.35"), (10.0, "+2^3.25"), (-1.5, "-2^0.50"), (float("nan"), "nan")]
)
def test_a_prediction_falls_into_a_bin_that_no_other_prediction_moves(value, expected):
    assert number_bin(value) == expected


def test_scores_of_classes_count_by_the_class_that_wins():
    assert prediction_bins({"probabilities": np.array([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]]), "label": np.array([1, 0, 1])}) == {
        "1": 2,
        "0": 1,
    }
