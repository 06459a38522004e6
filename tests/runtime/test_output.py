"""The log: every line at once, with its cell."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def test_lines_bear_the_number_of_their_cell(run_step: Callable[..., Any]) -> None:
    done = run_step("print('a\\nb\\n\\nc', end='')", "print('d', 'e')")
    assert done.stdout == "cell 1 │ a\ncell 1 │ b\ncell 1 │ \ncell 1 │ c\ncell 2 │ d e\n"


def test_a_progress_bar_keeps_its_carriage_returns(run_step: Callable[..., Any]) -> None:
    done = subprocess.run  # universal newlines would hide them: read bytes instead
    code = "import sys\nfor i in (1, 2):\n    sys.stdout.write(f'\\r{i}/2')\nprint()"
    words: list[str] = []
    run_step(code, before=lambda given: words.extend(given) or given)
    output = done(words, capture_output=True, check=True).stdout.decode()
    assert output == "\rcell 1 │ 1/2\rcell 1 │ 2/2\n"


def test_the_two_streams_do_not_cut_each_others_lines(run_step: Callable[..., Any]) -> None:
    done = run_step(
        "import sys\nprint('half', end='')\nprint('error', file=sys.stderr)\nprint('rest')",
        before=lambda words: ["sh", "-c", 'exec "$@" 2>&1', "sh", *words],
    )
    assert done.stdout == "cell 1 │ half\ncell 1 │ error\ncell 1 │ rest\n"


def test_output_streams_while_the_step_runs(run_step: Callable[..., Any]) -> None:
    """The second cell waits for an answer to what the first one printed: without streaming it would wait for ever."""
    code = "import os\nprint('ready')\nassert open(0).readline() == 'go\\n'\nprint('went')"
    words: list[str] = []
    run_step("print(1)", before=lambda given: words.extend(given) or given)
    run_step(code, before=lambda given: words.clear() or words.extend(given) or ["true"])
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == "cell 1 │ ready\n"
        process.stdin.write("go\n")
        process.stdin.flush()
        assert process.stdout.read() == "cell 1 │ went\n"


def test_threads_write_whole_lines(run_step: Callable[..., Any]) -> None:
    done = run_step(
        "import sys, threading\n"
        "def work(n):\n    for _ in range(50):\n        sys.stdout.write(f'thread {n}\\n')\n"
        "threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]\n"
        "for t in threads: t.start()\nfor t in threads: t.join()"
    )
    assert sorted(done.stdout.splitlines()) == sorted(f"cell 1 │ thread {n}" for n in range(4) for _ in range(50))


def test_text_that_the_log_cannot_encode_is_escaped(run_step: Callable[..., Any]) -> None:
    assert run_step("print('\\ud800')").stdout == "cell 1 │ \\ud800\n"


def test_the_streams_look_like_streams(run_step: Callable[..., Any]) -> None:
    done = run_step(
        "import sys\nsys.stdout.buffer.write(b'raw\\n')\nsys.stdout.flush()\nprint(sys.stdout.fileno(), sys.stdout.isatty(), sys.stdout.encoding)"
    )
    assert done.stdout == "raw\ncell 1 │ 1 False utf-8\n"


def test_warnings_point_at_the_cell(run_step: Callable[..., Any]) -> None:
    done = run_step("import warnings\n\nwarnings.warn('careful')")
    assert done.stderr.splitlines()[0].endswith("churn.ipynb › cell 1 (step train):3: UserWarning: careful")


def test_a_forked_child_writes_too(run_step: Callable[..., Any]) -> None:
    done = run_step("import os\nif os.fork() == 0:\n    print('child')\n    os._exit(0)\nos.wait();")
    assert done.stdout == "cell 1 │ child\n"


def test_multiprocessing_finds_functions_of_the_notebook(run_step: Callable[..., Any]) -> None:
    done = run_step(
        "import multiprocessing as mp\ndef double(x): return 2 * x",
        "with mp.get_context('fork').Pool(2) as pool:\n    print(pool.map(double, [1, 2]))",
    )
    assert (done.stdout, done.stderr) == ("cell 2 │ [2, 4]\n", "")
