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
    from collections.abc import Iterator
    from typing import Any, Optional

    from .cells import Kernel
    from .page import Page
    from .spec import Chunk

_INSTALL = re.compile(r"\s*(python\S*\s+-m\s+)?(pip3?|uv\s+pip|conda|mamba)\s+(install|uninstall|update|upgrade|sync)\b")
_DOLLAR = re.compile(r"\$(\$?[\w.]+)(?=(?:[^']*'[^']*')*[^']*$)")  # the rule of IPython: not within single quotes


class Lines(list):  # type: ignore[type-arg]
    """The lines a command wrote; ``.n`` and ``.s`` join them, as IPython's `SList` does."""

    def __reduce__(self) -> Any:  # another step may be without this class
        return list, (list(self),)

    @property
    def n(self) -> str:
        """One text, with line ends."""
        return "\n".join(self)

    @property
    def s(self) -> str:
        """One text, with blanks."""
        return " ".join(self)

    l = property(list)  # noqa: E741  # the name that IPython gave it


class Captured:
    """What ``%%capture`` binds."""

    def __init__(self) -> None:
        self.stdout = self.stderr = ""
        self.outputs: list[str] = []  # HTML

    def show(self) -> None:
        """Write it again."""
        sys.stdout.write(self.stdout)
        sys.stderr.write(self.stderr)

    __call__ = show

    @contextlib.contextmanager
    def capturing(self, words: list[str], page: Optional[Page]) -> Iterator[None]:
        """Take what the body writes and displays, except what ``--no-stdout``, ``--no-stderr``, ``--no-display`` leave."""
        out = io.StringIO() if "--no-stdout" not in words else sys.stdout
        err = io.StringIO() if "--no-stderr" not in words else sys.stderr
        shown = len(page.fragments) if page else 0
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            yield
            if page:
                page.end()
        self.stdout, self.stderr = (stream.getvalue() if isinstance(stream, io.StringIO) else "" for stream in (out, err))
        if page and "--no-display" not in words:
            self.outputs = page.fragments[shown:]
            del page.fragments[shown:]


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
                    convert: Any = {"r": repr, "s": str, "a": ascii}.get(conversion or "")
                    parts.append(format(convert(found) if convert else found, form or ""))
            return "".join(parts)
        except Exception:
            return text

    def system(self, command: str) -> None:
        """Run a command; its output goes to the log as it comes, its status to ``_exit_code``."""
        if _INSTALL.match(command):
            print(f"note: skipped in a step: {command.strip()} (the image holds the packages)")
            return
        self.pipe(["/bin/sh", "-c", self.expand(command)])

    def getoutput(self, command: str, split: bool = True, **_: Any) -> Any:
        """Run a command and give its lines."""
        words = ["/bin/sh", "-c", self.expand(command)]
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        text = done.stdout.decode(errors="replace")
        return Lines(text.splitlines()) if split else text

    def expression(self, text: str) -> Any:
        """Run one line of code that a magic brings; give the value if it is an expression."""
        kernel = self.kernel
        try:
            return kernel.evaluate(kernel.compile(text, "<magic>", "eval"))
        except SyntaxError:
            return kernel.evaluate(kernel.compile(text, "<magic>", "exec"))

    def pipe(self, command: list[str], text: str = "") -> int:
        """Run a program with `text` as its input."""
        sys.stdout.flush()
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        source: Any = process.stdout
        with contextlib.suppress(BrokenPipeError), process.stdin or contextlib.nullcontext():
            process.stdin.write(text.encode())  # type: ignore[union-attr]
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        data = source.read1(65536)
        while data:
            sys.stdout.write(decoder.decode(data))
            sys.stdout.flush()
            data = source.read1(65536)
        self.user_ns["_exit_code"] = status = process.wait()
        return status

    def run_line_magic(self, name: str, line: str = "", *_: Any, **__: Any) -> Any:
        """Run a line magic; one that steers an interactive session has nothing to do here."""
        line = self.expand(line) if name not in ("time", "timeit") else line
        if name in ("time", "timeit"):
            with timed(name):
                return self.expression(line if name == "time" else re.sub(r"^(-\w+\s*\d*\s+)+", "", line))
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
            return self.expression("import numpy, matplotlib; from matplotlib.pylab import *; from numpy import *")
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

    def execute(self, chunk: Chunk, text: str) -> None:
        """Run a cell of Python code in its magic; one that we do not know just runs it."""
        name, line = chunk["magic"]
        if name in ("time", "timeit"):
            with timed(name):
                self.kernel.execute(chunk, text)
        elif name == "capture":
            words = line.split()
            result = Captured()
            self.user_ns.update((word, result) for word in words if word[0] != "-")
            with result.capturing(words, self.kernel.display.page):
                self.kernel.execute(chunk, text)
        elif name == "raises-exception":
            try:
                self.kernel.execute(chunk, text)
            except Exception:
                import traceback

                traceback.print_exc()
        else:
            self.kernel.execute(chunk, text)


@contextlib.contextmanager
def timed(name: str) -> Iterator[None]:
    """Print how long the body took."""
    start, cpu = time.perf_counter(), time.process_time()
    yield
    print(f"{name}: {time.perf_counter() - start:.3g} s wall, {time.process_time() - cpu:.3g} s of processor time")
