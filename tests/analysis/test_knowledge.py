"""What the facts say of the libraries is what the libraries do, and the analysis answers what the facts say.

Each row is held against the installed library by calling it again. Where another release is installed than the one that was probed, only
what the analysis must not miss is held: no change of an object that it does not see.
"""

from __future__ import annotations

import importlib
import re
from functools import cache
from typing import TYPE_CHECKING

import pytest
from accepted import FALSE_ALARMS, MISSED
from knowledge import families, write

from nb2pipe.analysis.analyse import analyse
from nb2pipe.analysis.summary import cell_summaries
from nb2pipe.frontend import read_text

if TYPE_CHECKING:
    from knowledge.probe import Observed
    from knowledge.sample import Family, Sample


@pytest.fixture(autouse=True)
def away(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Probe in a folder of its own: methods that write take any argument for the name of a file."""
    monkeypatch.chdir(tmp_path_factory.mktemp("probing"))


def every_family() -> list[object]:
    """List the families; the slow ones are marked."""
    return [pytest.param(name, marks=pytest.mark.slow if families.load(name).slow else ()) for name in families.NAMES]


@cache
def observed(name: str) -> tuple[Family, list[tuple[str, Observed]]]:
    """Probe a family once for all tests."""
    family = families.load(name)
    if not write.is_installed(family):
        pytest.skip(f"{family.library} is not installed here; its facts come from {recorded(name)}")
    if family.library == "pandas":  # as in a fresh process: another test may have set what a probe sets back
        importlib.import_module("pandas").reset_option("display.max_rows")
    return family, write.observe(family)


def recorded(name: str) -> str:
    """Return the release that a file of facts was probed with."""
    found = re.match(r"# From (\S+ ?\S*) by", (write.FACTS / f"{name}.txt").read_text(encoding="utf-8"))
    assert found is not None
    return found[1]


@pytest.mark.parametrize("name", every_family())
def test_the_facts_are_what_the_library_does(name: str) -> None:
    family, seen = observed(name)
    if recorded(name) != write.release(family):
        pytest.skip(f"the facts come from {recorded(name)}, here is {write.release(family)}")
    assert write.text_of(family, seen).splitlines() == (write.FACTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", every_family())
def test_the_analysis_sees_each_change_that_was_measured(name: str) -> None:
    family, seen = observed(name)
    missed, calls = [], 0
    for call, changed, claimed in answers(family, seen):
        calls += 1
        missed += [f"{call}: {each}" for each in changed - claimed if call not in MISSED]
    assert calls, "nothing was compared"
    assert missed == []


@pytest.mark.parametrize("name", every_family())
def test_the_analysis_claims_few_changes_that_do_not_happen(name: str) -> None:
    family, seen = observed(name)
    alarms, calls = {}, 0
    ever: dict[str, set[str]] = {}  # a method that changes something with other arguments is not called pure
    answered = answers(family, seen)
    for call, changed, _ in answered:
        ever.setdefault(call.partition("(")[0], set()).update(changed)
    for call, _, claimed in answered:
        calls += 1
        wrong = claimed - ever[call.partition("(")[0]]
        if wrong and not any(re.fullmatch(pattern, call) for pattern in FALSE_ALARMS):
            alarms[call] = sorted(wrong)
    assert alarms == {}, f"{len(alarms)} of {calls} calls"


def answers(family: Family, seen: list[tuple[str, Observed]]) -> list[tuple[str, set[str], set[str]]]:
    """Ask the analysis about each call that was observed: the call, what was changed, what it says is changed."""
    samples: dict[str, list[Sample]] = {}
    for sample in family.samples:
        samples.setdefault(sample.owner, []).append(sample)
    found = []
    for owner, each in seen:
        sample = samples[owner][each.sample]
        if not each.is_call or any(effect.startswith("draws") for effect in each.effects):
            continue
        call = f"{owner}.{each.name.partition('(')[0]}({each.text})"
        setup, made = sample.setup, "" if sample.module else f"x = {sample.make}\n"
        claimed = changed_names(f"{setup}{made}", f"result = x.{each.name.partition('(')[0]}({each.text})")
        found.append((call, each.changed, {name for name in claimed if name == "x" or name in each.watched}))
    return found


def changed_names(first: str, second: str) -> set[str]:
    """Return what the analysis says that the second of two cells changes."""
    notebook = read_text(f"# %%\n{first}\n# %%\n{second}\n", "probe.py").value
    assert notebook is not None
    return set(cell_summaries(analyse(notebook))[1]["mutates"])  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("expression", "types"),
    [
        ("df.groupby('a')", {"pandas.api.typing.DataFrameGroupBy"}),
        ("df.groupby('a').mean()", {"pandas.DataFrame"}),
        ("df.sum()", {"pandas.Series"}),
        ("df.to_numpy()", {"numpy.ndarray"}),
        ("df.values.mean()", {"float"}),
        ("df.values.mean(axis=0)", {"numpy.ndarray"}),
        ("np.log(df)", {"pandas.DataFrame"}),
        ("np.asarray(df)", {"numpy.ndarray"}),
        ("np.random.rand()", {"float"}),
        ("np.random.default_rng(1)", {"numpy.random.Generator"}),
        ("StandardScaler().fit_transform(df)", {"numpy.ndarray"}),
        ("StandardScaler().fit(df)", {"sklearn.preprocessing.StandardScaler"}),
        ("train_test_split(df)[0]", {"pandas.DataFrame"}),
    ],
)
def test_results_are_typed_so_that_what_is_called_on_them_is_known(expression: str, types: set[str]) -> None:
    imports = "import numpy as np\nimport pandas as pd\nfrom sklearn.preprocessing import StandardScaler\n"
    imports += "from sklearn.model_selection import train_test_split\ndf = pd.DataFrame()\n"
    notebook = read_text(f"# %%\n{imports}result = {expression}\n", "types.py").value
    assert notebook is not None
    graph = analyse(notebook)
    assert {graph.objects.types.get(each, "") for each in graph.versions["result"][-1].values} == types


@pytest.mark.parametrize(
    ("view", "changed"),
    [
        ("v = a[1:]\n# %%\nv[0] = 9", {"a", "v"}),
        ("v = a[1:]\n# %%\na[0] = 9", {"a", "v"}),
        ("v = a.reshape(1, -1)\n# %%\nv += 1", {"a"}),
        ("v = np.ravel(a)\n# %%\na.sort()", {"a", "v"}),
        ("v = a.T\n# %%\nv[0] = 9", {"a", "v"}),
        ("v = a.astype(int)\n# %%\nv[0] = 9", {"v"}),
        ("v = a.copy()\n# %%\nv[0] = 9", {"v"}),
        ("v = a[a > 1]\n# %%\nv[0] = 9", {"v"}),
        ("v = df.values\n# %%\nv[0] = 9", {"df", "v"}),
        ("v = df['x'].to_numpy()\n# %%\nv[0] = 9", {"df", "v"}),
        ("v = df.copy()\n# %%\nv['y'] = 9", {"v"}),
        ("v = df.head()\n# %%\nv['y'] = 9", {"v"}),
        ("v = df.groupby('x')\n# %%\ndf['y'] = 9", {"df", "v"}),
    ],
)
def test_views_change_with_what_they_show_and_copies_do_not(view: str, changed: set[str]) -> None:
    text = f"# %%\nimport numpy as np\nimport pandas as pd\na = np.array([1, 2])\ndf = pd.DataFrame({{'x': [1]}})\n{view}\n"
    notebook = read_text(text, "views.py").value
    assert notebook is not None
    assert set(cell_summaries(analyse(notebook))[1]["mutates"]) == changed  # type: ignore[call-overload]
