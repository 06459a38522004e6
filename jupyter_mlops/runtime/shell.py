"""A small ``get_ipython()``: shell commands and the magics that make sense in a step.

A step installs nothing while it runs: ``%pip`` and ``!pip install`` are skipped with a note, so that the image decides what there is.
"""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import re
import shlex
import string
import subprocess
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .cells import Kernel

_INSTALL = re.compile(r"\s*(python\S*\s+-m\s+)?(pip3?|uv\s+pip|conda|mamba)\s+(install|uninstall|update|upgrade|sync)\b")
_DOLLAR = re.compile(r"\$(\$?[\w.]+)(?=(?:[^']*'[^']*')*[^']*$)")  # IPython's: not within single quotes


class Lines(list):  # type: ignore[type-arg]
    """The lines a command wrote; ``.n`` and ``.s`` join them, as IPython's `SList` does."""

    @property
    def n(self) -> str:
        """One text, with line ends."""
        return "\n".join(self)

    @property
    def s(self) -> str:
        """One text, with blanks."""
        return " ".join(self)

    l = property(list)  # noqa: E741  # IPython's name


class Captured:
    """What ``%%capture`` binds."""

    def __init__(self) -> None:
        self.stdout = self.stderr = ""
        self.outputs: list[Any] = []

    def show(self) -> None:
        """Write it again."""
        sys.stdout.write(self.stdout)
        sys.stderr.write(self.stderr)

    __call__ = show


class Shell:
    """The methods that IPython's own translation of a notebook calls."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.user_ns = kernel.names
        self.config: dict[str, Any] = {}

    def expand(self, text: str) -> str:
        """Put values into ``{expression}`` and ``$name`` as IPython does: all of them, or none if one of them fails."""

        def value(match: Any) -> str:
            return match[1] if match[1][0] == "$" else str(eval(match[1], self.user_ns))

        try:
            parts = []
            for literal, field, form, conversion in string.Formatter().parse(text):
                parts.append(_DOLLAR.sub(value, literal))
                if field is not None:
                    found = eval(field, self.user_ns)
                    parts.append(format({"r": repr, "s": str, "a": ascii}.get(conversion or "", lambda it: it)(found), form or ""))
            return "".join(parts)
        except Exception:
            return text

    def system(self, command: str) -> None:
        """Run a command; its output goes to the log as it comes, its status to ``_exit_code``."""
        if _INSTALL.match(command):
            print(f"note: skipped in a step: {command.strip()} (the image holds the packages)")
            return
        self.pipe(self.expand(command), shell=True)

    def getoutput(self, command: str, split: bool = True, **_: Any) -> Any:
        """Run a command and give its lines."""
        done = subprocess.run(self.expand(command), shell=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        text = done.stdout.decode(errors="replace")
        return Lines(text.splitlines()) if split else text

    def pipe(self, command: Any, text: str = "", **options: Any) -> int:
        """Run a program with `text` as its input."""
        sys.stdout.flush()
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
        assert process.stdin and process.stdout
        with contextlib.suppress(BrokenPipeError), process.stdin:
            process.stdin.write(text.encode())
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        data = process.stdout.read1(65536)
        while data:
            sys.stdout.write(decoder.decode(data))
            sys.stdout.flush()
            data = process.stdout.read1(65536)
        self.user_ns["_exit_code"] = status = process.wait()
        return status

    def run_line_magic(self, name: str, line: str = "", *_: Any, **__: Any) -> Any:
        """Run a line magic; one that steers an interactive session has nothing to do here."""
        line = self.expand(line) if name not in ("time", "timeit") else line
        if name in ("time", "timeit"):
            with timed(name):
                return self.kernel.expression(line if name == "time" else re.sub(r"^(-\w+\s*\d*\s+)+", "", line))
        if name in ("pip", "conda", "mamba", "uv"):
            return self.system(f"{name} {line}" if _INSTALL.match(f"{name} {line}") else f"{name} install {line}")
        if name in ("system", "sx"):
            return self.getoutput(line)
        if name == "pwd":
            return os.getcwd()
        if name == "cd":
            return os.chdir(os.path.expanduser(line.strip() or "~"))
        if name in ("env", "set_env"):
            key, _sign, value = line.strip().partition("=" if "=" in line else " ")
            if value:
                os.environ[key.strip()] = value.strip()
                return None
            return os.environ[key] if key else dict(os.environ)
        if name == "run":
            return self.pipe([sys.executable, *shlex.split(line)])
        if name == "pylab":
            return self.kernel.expression("import numpy, matplotlib; from matplotlib.pylab import *; from numpy import *")
        return None

    magic = run_line_magic

    def run_cell_magic(self, name: str, line: str, cell: str) -> Any:
        """Run a cell magic whose cell is not Python."""
        if name == "writefile":
            *options, path = shlex.split(line)
            with open(os.path.expanduser(self.expand(path)), "a" if "-a" in options else "w", encoding="utf-8") as file:
                return print(f"wrote {file.write(cell)} characters to {path}")
        if name in ("html", "HTML", "markdown", "javascript", "js", "latex", "svg", "SVG"):
            kind = {"javascript": "html", "js": "html"}.get(name, name.lower())
            mime = "image/svg+xml" if kind == "svg" else f"text/{kind}"
            text = f"<script>{cell}</script>" if name in ("javascript", "js") else cell
            return self.kernel.display.show({mime: text, "text/plain": cell}, raw=True) and None
        words = shlex.split(line if name in ("script", "!", "sx", "system") else f"{name} {line}")
        words = [word for word in words if word != "--no-raise-error"] if name != "!" else ["sh"]
        words = ["sh"] if name in ("sx", "system") else words
        status = self.pipe(words, cell)
        if status and "--no-raise-error" not in line:
            raise subprocess.CalledProcessError(status, words)
        return None

    @contextlib.contextmanager
    def around(self, name: str, line: str) -> Any:
        """Wrap a cell of Python code in its magic."""
        if name in ("time", "timeit"):
            with timed(name):
                yield
        elif name == "capture":
            words = line.split()
            bound = [word for word in words if not word.startswith("-")]
            result, streams = Captured(), (io.StringIO(), io.StringIO())
            with contextlib.ExitStack() as stack:
                for number, redirect in ((0, contextlib.redirect_stdout), (1, contextlib.redirect_stderr)):
                    if f"--no-{redirect.__name__[9:]}" not in words:
                        stack.enter_context(redirect(streams[number]))
                shown = len(self.kernel.display.fragments)
                yield
                self.kernel.display.end()
                result.outputs = self.kernel.display.fragments[shown:]
                if "--no-display" not in words:
                    del self.kernel.display.fragments[shown:]
            result.stdout, result.stderr = (stream.getvalue() for stream in streams)
            self.user_ns.update(dict.fromkeys(bound, result))
        else:
            yield


@contextlib.contextmanager
def timed(name: str) -> Any:
    """Print how long the body took."""
    start, cpu = time.perf_counter(), time.process_time()
    yield
    print(f"{name}: {time.perf_counter() - start:.3g} s wall, {time.process_time() - cpu:.3g} s of processor time")
