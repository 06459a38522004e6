"""A profile is small, adds up, survives being saved, and bounds what it cannot know."""

import json

import numpy
import pandas
import polars
import pyarrow
import pyarrow.parquet
import pytest

from jupyter_mlops.errors import EnvironmentProblem
from jupyter_mlops.monitoring import Profile, compare, profile
from jupyter_mlops.monitoring.statistics.kolmogorov_smirnov import bounds_of_cells, kolmogorov_smirnov


def table(n, seed=0, shift=0.0):
    random = numpy.random.default_rng(seed)
    return pyarrow.table(
        {
            "number": random.normal(size=n) + shift,
            "count": random.integers(0, 9, n),
            "holes": pyarrow.array(random.normal(size=n), mask=random.random(n) < 0.1),
            "word": random.choice(list("abcd"), n),
        }
    )


def test_parts_add_up_to_the_whole_in_any_order():
    whole = table(5000)
    like = profile(whole)
    parts = [profile(whole.slice(start, 1000), like=like) for start in range(0, 5000, 1000)]
    ahead, back = parts[0], parts[-1]
    for part in parts[1:]:
        ahead = ahead.merge(part)
    for part in parts[-2::-1]:
        back = back.merge(part)
    assert ahead.as_json() == back.as_json() == profile(whole, like=like).as_json()


def test_a_profile_comes_back_as_it_was_saved(tmp_path):
    made = profile(table(2000))
    assert Profile.load(made.save(tmp_path / "p.json")).as_json() == made.as_json()


def test_a_file_that_is_no_profile_is_refused(tmp_path):
    (tmp_path / "p.json").write_text("{")
    with pytest.raises(ValueError, match="is no profile"):
        Profile.load(tmp_path / "p.json")


def test_fifty_columns_take_at_most_656_kilobytes():
    random = numpy.random.default_rng(0)
    columns = {f"n{index}": random.normal(size=100_000) for index in range(40)}
    columns |= {f"c{index}": random.integers(0, 200, 100_000).astype(str) for index in range(10)}
    assert len(json.dumps(profile(pyarrow.table(columns)).as_json(), separators=(",", ":"))) <= 656_000


def test_every_kind_of_frame_gives_the_same_profile(tmp_path):
    arrow = table(3000)
    pyarrow.parquet.write_table(arrow, tmp_path / "a.parquet", row_group_size=700)
    made = [
        profile(data).columns
        for data in (arrow, arrow.to_pandas(), polars.from_arrow(arrow), tmp_path / "a.parquet", str(tmp_path / "*.parquet"))
    ]
    for columns in made[1:]:
        assert columns["number"].cells.tolist() == made[0]["number"].cells.tolist()
        assert columns["holes"].nulls == made[0]["holes"].nulls
        assert dict(columns["word"].counts) == dict(made[0]["word"].counts)


@pytest.mark.parametrize("seed", range(10))
def test_the_certified_interval_holds_the_exact_distance(seed):
    a, b = table(20_000, seed), table(15_000, seed + 100, 0.02 * seed)
    before = profile(a)
    now = profile(b, like=before)
    low, high = bounds_of_cells(before.columns["number"].cells, now.columns["number"].cells)
    exact = kolmogorov_smirnov(a["number"].to_numpy(), b["number"].to_numpy())
    assert low - 1e-12 <= exact <= high + 1e-12
    assert high - low < 0.003


def test_a_small_sample_is_kept_exactly():
    a, b = table(400, 1), table(5000, 2, 0.1)
    before = profile(a)
    bounds = bounds_of_cells(before.columns["number"].cells, profile(b, like=before).columns["number"].cells)
    assert bounds.low == bounds.high == pytest.approx(kolmogorov_smirnov(a["number"].to_numpy(), b["number"].to_numpy()), abs=1e-12)


def test_many_categories_keep_the_heavy_ones_exactly_and_bound_the_rest():
    random = numpy.random.default_rng(0)
    words = numpy.where(random.random(50_000) < 0.3, "heavy", random.integers(0, 40_000, 50_000).astype(str))
    sketch = profile(pyarrow.table({"word": words}), categories=64).columns["word"]
    assert sketch.counts["heavy"] == (words == "heavy").sum()
    assert sum(sketch.counts.values()) + sketch.other == 50_000
    rare = {name: (words == name).sum() for name in numpy.unique(words)[:200] if name not in sketch.counts}
    assert max(rare.values()) <= sketch.unlisted


def test_profiles_at_different_edges_do_not_add_up():
    with pytest.raises(ValueError, match="like="):
        profile(table(5000, 1)).merge(profile(table(5000, 2)))


def test_what_is_no_data_is_refused(tmp_path):
    with pytest.raises(TypeError, match="found `int`"):
        profile(3)
    with pytest.raises(ValueError, match="has no columns"):
        profile(pandas.DataFrame())
    with pytest.raises(EnvironmentProblem, match="there is no file"):
        profile(tmp_path / "no.parquet")
    with pytest.raises(ValueError, match="no column `x`"):
        profile(table(3), columns=["x"])


def test_comparing_needs_limits_in_range():
    made = profile(table(10))
    with pytest.raises(ValueError, match="`minimum_effect`"):
        compare(made, made, minimum_effect=2)
