"""Ids: legal for Kubernetes, Argo and the SDK, never two alike, and none depends on where a step stands."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nb2pipe.backends.kfp.names import POLICY, pipeline_id, step_ids

NAMES = st.text(max_size=90)


@given(NAMES)
def test_pipeline_id_is_legal(name):
    """Any name gives a label value that leaves room for the suffixes of a scheduled run."""
    assert re.fullmatch(POLICY.pipeline, pipeline_id(name))


@given(st.lists(NAMES | st.sampled_from(["a", "a-driver", "A", "a_", "root", "for-loop-1", "p"]), unique=True))
def test_step_ids_are_legal_and_different(names):
    """Any names give ids that differ, also from the driver tasks the backend adds, from groups, and from the pipeline's component."""
    ids = list(step_ids(names, "p").values())
    assert all(re.fullmatch(POLICY.step, each) for each in ids)
    assert len({*ids, *(f"{each}-driver" for each in ids)}) == 2 * len(ids)
    assert "p" not in ids
    assert not any(re.fullmatch(r"(for-loop|condition|exit-handler|exit-steps)-\d+", each) for each in ids)


@given(st.lists(NAMES, unique=True, min_size=2), st.randoms())
def test_step_ids_do_not_depend_on_order(names, chance):
    """Moving a step keeps its id, and with it its cache entries."""
    shuffled = chance.sample(names, len(names))
    assert step_ids(names, "p") == step_ids(shuffled, "p")


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("churn", "churn"),
        ("Churn Model", "churn-model"),
        ("--a__b--", "a-b"),
        ("数据", "pipeline-[0-9a-f]{6}"),
        ("x" * 60, "x{45}-[0-9a-f]{6}"),
    ],
)
def test_pipeline_id(name, pattern):
    """A name stays readable, and gets a digest only where it would be empty or cut."""
    assert re.fullmatch(pattern, pipeline_id(name))


def test_a_legal_name_keeps_its_spelling():
    """The step that is called like an id keeps it; another that becomes alike gets a digest of its own name."""
    assert step_ids(["load_data", "load-data"], "p") == {"load_data": "load-data-880045", "load-data": "load-data"}
