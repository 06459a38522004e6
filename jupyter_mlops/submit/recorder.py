"""Around the step runtime, in the step's own process: what each cell shows and what the names hold at the end → a file, for `verify`.

The step's command is the one that `run` uses; only its last line is another, and the runtime itself knows nothing of this.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import itertools
import json
import os
import pickle
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_mlops.submit.snapshots import is_users, snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FOLDER = "NB2PIPE_RECORD"
"""The environment variable that says where records go."""

_MOST_PORTS = 8
_ENTRY = "sys.exit(main(sys.argv))\n"
_RECORDING = "from jupyter_mlops.submit.recorder import recorded\nsys.exit(recorded(main, sys.argv))\n"


def recording(words: Sequence[str]) -> list[str]:
    """Change the command line of a step so that it records itself."""
    code = words.index("-c") + 1
    return [*words[:code], words[code].removesuffix(_ENTRY) + _RECORDING, *words[code + 1 :]]


def recorded(main: Callable[[list[str]], int], words: list[str]) -> int:
    """Run a step as `main` does, and write ``STEP.json`` and ``STEP.names`` whatever happens."""
    folder = Path(os.environ[FOLDER])
    wanted = json.loads((folder / "wanted.json").read_text(encoding="utf-8")).get(words[1])  # {"names", "ports"}
    if wanted is None:  # a step that runs once per item has no counterpart in the notebook
        return main(words)
    recorder = Recorder(wanted["names"], wanted["ports"])
    try:
        return main(words)
    finally:
        recorder.write(folder, words[1])


class Recorder:
    """Listens to the runtime's classes.

    Parameters
    ----------
    names : sequence of str
        Names whose values are wanted even when the step leaves them bound as they were.
    ports : sequence of sequences of str
        The names that travel together from the step.
    """

    def __init__(self, names: Sequence[str], ports: Sequence[Sequence[str]]) -> None:
        from jupyter_mlops.runtime import cells, display, execute, output

        self.cells: dict[int, dict[str, Any]] = {}
        self.names = set(names)
        self.ports = ports
        self.apart: list[list[str]] = []
        self.cell: dict[str, Any] | None = None  # the record of the cell that is running
        self.kernel: Any = None
        self.kept: dict[str, bytes | None] = {}
        self._silent = False
        self._fragment: tuple[str, str] | None = None
        self._streams: dict[int, int] = {}
        self._states: dict[str, bytes] = {}
        self._leaked = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - lives as long as the process
        self._listen_to_streams(output)
        self._listen_to_displays(display)
        self._listen_to_cells(cells, execute)

    def write(self, folder: Path, step: str) -> None:
        """Write both files."""
        (folder / f"{step}.names").write_bytes(pickle.dumps(self.kept))
        (folder / f"{step}.json").write_text(json.dumps({"cells": self.cells, "apart": self.apart}), encoding="utf-8")

    def _listen_to_streams(self, output: Any) -> None:
        """Hear both streams; what programs write to descriptor 1 by themselves goes to a file meanwhile."""
        begin, write = output.Stream.__init__, output.Stream.write

        def begun(stream: Any, descriptor: int, log: Any) -> None:
            begin(stream, os.dup(descriptor), log)
            self._streams[id(stream)] = descriptor
            if descriptor == 1:
                os.dup2(self._leaked.fileno(), 1)

        def written(stream: Any, text: str) -> int:
            if self.cell is not None and not self._silent:
                self.cell["stderr" if self._streams.get(id(stream)) == 2 else "stdout"] += text
            done: int = write(stream, text)
            return done

        output.Stream.__init__, output.Stream.write = begun, written

    def _listen_to_displays(self, display: Any) -> None:
        show, clear = display.Display.show, display.Display.clear

        def shown(shower: Any, *values: Any, raw: bool = False, display_id: object = None, **more: Any) -> Any:
            here = self.cell is not None and id(sys.stdout) in self._streams
            self._silent = here
            handle = None
            try:
                for value in values:
                    self._fragment = None
                    handle = show(shower, value, raw=raw, display_id=display_id, **more)
                    if here and self.cell is not None:
                        self.cell["shown"].append(self._form(value, raw=raw))
            finally:
                self._silent = False
            return handle

        def cleared(shower: Any, wait: bool = False) -> None:
            if self.cell is not None:
                self.cell.update(stdout="", stderr="", shown=[])
            clear(shower, wait)

        display.Display.show = display.Display.display = display.Display.update = shown
        display.Display.clear = cleared
        with contextlib.suppress(ImportError):  # packed only for steps that display something
            from jupyter_mlops.runtime import page

            render = page.Page.render

            def rendered(owner: Any, value: Any, bundle: Any, text: str) -> str:
                made: str = render(owner, value, bundle, text)
                self._fragment = _form_of(made)
                return made

            page.Page.render = rendered  # type: ignore[method-assign,assignment]

    def _listen_to_cells(self, cells: Any, execute: Any) -> None:
        run, chunk, step = cells.Kernel.run, cells.Kernel.execute, execute.run

        def ran(kernel: Any, kind: str) -> None:
            self.kernel = kernel
            if kind != "cell":
                run(kernel, kind)
                return
            before = {name: id(value) for name, value in kernel.names.items()}
            held = list(kernel.names.values())  # or an id could be used twice
            begin = kernel.display.begin

            def begun(number: int) -> None:
                self._begin(number)
                begin(number)

            kernel.display.begin = begun
            try:
                run(kernel, kind)
            finally:
                self._end()
                del kernel.display.begin, held
            self.names |= {name for name, value in kernel.names.items() if before.get(name) != id(value)}

        def executed(kernel: Any, *rest: Any) -> None:
            try:
                chunk(kernel, *rest)
            except BaseException as error:
                self._failed(error)
                raise

        def ended(kernel: Any, *rest: Any) -> None:
            step(kernel, *rest)
            names = sorted(name for name in self.names if name in kernel.names and is_users(name))
            self.kept = {name: snapshot(kernel.names[name]) for name in names}
            self.apart = _apart(self.ports, kernel.names)

        cells.Kernel.run, cells.Kernel.execute, execute.run = ran, executed, ended

    def _begin(self, number: int) -> None:
        self._end()
        self.cell = self.cells.setdefault(number, {"stdout": "", "stderr": "", "shown": [], "error": None, "draws": []})
        self._states = _generators()

    def _end(self) -> None:
        """Add what programs wrote to descriptor 1, and pass it on to the log."""
        self._leaked.seek(0)
        text = self._leaked.read().decode("utf-8", "replace")
        self._leaked.seek(0)
        self._leaked.truncate()
        if text:
            sys.stdout.write(text)
        if self.cell is not None:
            self.cell["draws"] += sorted(name for name, state in _generators().items() if self._states.get(name, state) != state)
        self.cell = None

    def _failed(self, error: BaseException) -> None:
        if self.cell is not None:
            self.cell["error"] = {"name": type(error).__name__, "text": str(error)}

    def _form(self, value: Any, *, raw: bool) -> dict[str, str]:
        """Say what one display is: its text as IPython writes it, and its rich form if the page shows one."""
        form = {"text": value.get("text/plain", "") if raw else _plain(value)}
        return {**form, self._fragment[0]: self._fragment[1]} if self._fragment else form


def _apart(ports: Sequence[Sequence[str]], names: dict[str, Any]) -> list[list[str]]:
    """List pairs of names that share parts and leave the step by different ports, which makes two of what was one."""
    spec: Any = importlib.util.spec_from_file_location("nb2pipe_sharing", Path(__file__).parents[1] / "runtime" / "sharing.py")
    sharing: Any = importlib.util.module_from_spec(spec)  # the packed runtime has it only where ports carry several names
    spec.loader.exec_module(sharing)
    found = []
    for one, other in itertools.combinations(ports[:_MOST_PORTS], 2):
        values = {name: names[name] for name in (*one, *other) if name in names}
        shared, _ = sharing.shared(values)
        pair = [next((name for name in side if name in shared), None) for side in (one, other)]
        found += [[str(name) for name in pair]] if None not in pair else []
    return found


def _generators() -> dict[str, bytes]:
    """Give the states of the generators that a process has; libraries draw from them unseen."""
    states = {}
    if "random" in sys.modules:
        states["random"] = pickle.dumps(sys.modules["random"].getstate())
    if "numpy" in sys.modules:  # which loads its generators when they are asked for
        states["numpy.random"] = pickle.dumps(sys.modules["numpy"].random.get_state())
    return states


def _form_of(fragment: str) -> tuple[str, str] | None:
    """Take a picture out of a page's fragment; plain text is not a rich form."""
    picture = re.fullmatch(r'<img alt="" src="data:image/(?:png|jpeg);base64,([^"]*)">', fragment)
    if picture:
        return "figure", picture[1]
    return None if fragment.startswith("<pre>") else ("html", fragment)


def _plain(value: Any) -> str:
    """Give the text form as a notebook writes it, or as Python does where IPython is not installed."""
    try:
        from IPython.core.formatters import PlainTextFormatter

        with contextlib.redirect_stderr(io.StringIO()):
            return str(PlainTextFormatter()(value))
    except Exception:  # no IPython, or a broken repr: the step goes on
        with contextlib.suppress(Exception):
            return repr(value)
        return ""
