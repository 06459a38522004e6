"""The edges of random notebooks are what data needs and what `after:` declares: none lost, none invented."""

from __future__ import annotations

import random

import pytest

from nb2pipe.frontend import read_text
from nb2pipe.ir.order import predecessors
from nb2pipe.lower.pipeline import lower


def random_script(seed: int) -> tuple[str, dict[str, set[str]]]:
    """Write a notebook of steps that read results of some earlier steps and wait for others; return what each must wait for."""
    choose = random.Random(seed)
    size = choose.randint(2, 12)
    lines, expected = ["# %% setup", "def combine(*parts):", "    return sum(parts)"], {}
    for index in range(size):
        earlier = list(range(index))
        reads = choose.sample(earlier, min(len(earlier), choose.randint(0, 3)))
        waits = choose.sample(earlier, min(len(earlier), choose.randint(0, 2)))
        tags = " ".join(f"after:s{each}" for each in waits)
        lines.append(f"# %% step:s{index} {tags}".rstrip())
        form = choose.choice(["combine({})", "sum([{}])", "(lambda *a: sum(a))({})"])
        lines.append(f"v{index} = {form.format(', '.join(f'v{each}' for each in reads) or '1')}")
        expected[f"s{index}"] = {f"s{each}" for each in [*reads, *waits]}
    return "\n".join(lines) + "\n", expected


@pytest.mark.parametrize("seed", range(100))
def test_edges_are_exactly_those_of_the_notebook(seed: int) -> None:
    """Each step waits for the producers of what it reads and for the steps that its tags name, and for nothing else."""
    script, expected = random_script(seed)
    notebook = read_text(script, "random.py").value
    assert notebook is not None
    pipeline = lower(notebook).value
    assert pipeline is not None
    assert {name: set(before) for name, before in predecessors(pipeline).items()} == expected
