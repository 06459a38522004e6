"""What a notebook does for its cells, without a notebook: the project gets a copy of those it uses, as its module `notebook`."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def show(*values: object) -> None:
    """Print what a notebook would display; of None it displays nothing."""
    for value in values:
        if value is not None:
            print(repr(value))  # noqa: T201


def shell(command: str) -> None:
    """Run a shell command, as a line with ``!`` does."""
    sys.stdout.flush()
    done = subprocess.run(["/bin/sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, text=True)
    sys.stdout.write(done.stdout)


def shell_lines(command: str) -> Lines:
    """Run a shell command and return the lines that it writes, as ``lines = !command`` does."""
    done = subprocess.run(["/bin/sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, text=True)
    return Lines(done.stdout.splitlines())


class Lines(list[str]):
    """Lines of a command; ``n`` and ``s`` join them."""

    @property
    def n(self) -> str:
        """One text, with line ends."""
        return "\n".join(self)

    @property
    def s(self) -> str:
        """One text, with blanks."""
        return " ".join(self)


def script(words: list[str], text: str) -> None:
    """Run a program with a cell's text as its input, as ``%%bash`` does.

    Raises
    ------
    subprocess.CalledProcessError
        When the program fails.
    """
    sys.stdout.flush()
    done = subprocess.run(words, input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, text=True)
    sys.stdout.write(done.stdout)
    done.check_returncode()


def write_file(path: str, text: str, *, append: bool = False) -> None:
    """Write a cell's text to a file, as ``%%writefile`` does."""
    with Path(path).expanduser().open("a" if append else "w", encoding="utf-8") as file:
        file.write(text)
    print(f"wrote {len(text)} characters to {path}")  # noqa: T201


def set_variable(name: str, value: str) -> None:
    """Set a variable of the environment, as ``%env`` does."""
    os.environ[name] = value


def change_folder(path: str) -> None:
    """Go to another folder, as ``%cd`` does."""
    os.chdir(os.path.expanduser(path))  # noqa: PTH111


@contextlib.contextmanager
def timed(name: str) -> Iterator[None]:
    """Print how long the body took, as ``%time`` does."""
    start, cpu = time.perf_counter(), time.process_time()
    yield
    print(f"{name}: {time.perf_counter() - start:.3g} s wall, {time.process_time() - cpu:.3g} s of processor time")  # noqa: T201


class Captured:
    """What the body of a `captured` block wrote."""

    stdout = stderr = ""

    def show(self) -> None:
        """Write it again."""
        sys.stdout.write(self.stdout)
        sys.stderr.write(self.stderr)

    __call__ = show


@contextlib.contextmanager
def captured(*, out: bool = True, err: bool = True) -> Iterator[Captured]:
    """Keep what the body writes, as ``%%capture`` does."""
    result = Captured()
    streams = io.StringIO(), io.StringIO()
    with contextlib.ExitStack() as stack:
        if out:
            stack.enter_context(contextlib.redirect_stdout(streams[0]))
        if err:
            stack.enter_context(contextlib.redirect_stderr(streams[1]))
        yield result
    result.stdout, result.stderr = (stream.getvalue() for stream in streams)


@contextlib.contextmanager
def surviving() -> Iterator[None]:
    """Go on when the body raises, as a cell tagged ``raises-exception`` lets the notebook do."""
    try:
        yield
    except Exception:
        traceback.print_exc()


@contextlib.contextmanager
def reporting() -> Iterator[None]:
    """Tell the exit steps, by ``NB2PIPE_RUN_STATE`` and ``NB2PIPE_RUN_ERROR``, how the body ended."""
    os.environ["NB2PIPE_RUN_STATE"], os.environ["NB2PIPE_RUN_ERROR"] = "SUCCEEDED", ""
    try:
        yield
    except BaseException as error:
        os.environ["NB2PIPE_RUN_STATE"], os.environ["NB2PIPE_RUN_ERROR"] = "FAILED", f"{type(error).__name__}: {error}"
        raise
