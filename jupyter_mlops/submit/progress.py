"""Events of a run → what a person sees meanwhile: one live line per step in a terminal, plain lines otherwise; always on standard error."""

from __future__ import annotations

import os
import re
import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from jupyter_mlops.submit.events import (
    Event,
    RunEnded,
    RunStarted,
    State,
    StepEnded,
    StepOutput,
    StepRetried,
    StepStarted,
)

if TYPE_CHECKING:
    from typing import TextIO

    from jupyter_mlops.submit.events import Listener, StepResult

_REDRAW_SECONDS = 0.1
_ESCAPE_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])|[\x00-\x08\x0b-\x1f\x7f]")
_SYMBOLS = {
    State.WAITING: "·",
    State.RUNNING: "▶",
    State.SUCCEEDED: "✓",
    State.CACHED: "≡",
    State.RESUMED: "≡",
    State.FAILED: "✗",
    State.SKIPPED: "–",
    State.STOPPED: "■",
    State.NOT_RUN: " ",
}
_COLOURS = {State.RUNNING: "36", State.SUCCEEDED: "32", State.CACHED: "32", State.RESUMED: "32", State.FAILED: "31", State.STOPPED: "33"}
_WORST_FIRST = (State.FAILED, State.STOPPED, State.RUNNING, State.NOT_RUN, State.SKIPPED, State.SUCCEEDED, State.RESUMED, State.CACHED)


def choose_progress(stream: TextIO, *, verbose: bool = False) -> Listener:
    """Live lines for a terminal that can draw them, plain lines for everything else and for `verbose`."""
    capable = stream.isatty() and os.environ.get("TERM", "") not in {"", "dumb"} and (stream.encoding or "").lower().startswith("utf")
    return LiveLines(stream) if capable and not verbose else PlainLines(stream, verbose=verbose)


def duration(seconds: float) -> str:
    """Write a duration for people: ``0.4 s``, ``12 s``, ``3:07``, ``1:02:03``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{rest} s" if not minutes and not hours else f"{minutes}:{rest:02}" if not hours else f"{hours}:{minutes:02}:{rest:02}"


class PlainLines:
    """One line when a step starts, one when it ends; with `verbose` also every line it prints, behind its name."""

    def __init__(self, stream: TextIO, *, verbose: bool = False) -> None:
        self._stream = stream
        self._verbose = verbose
        self._width = 0

    def __call__(self, event: Event) -> None:
        """Print what happened."""
        match event:
            case RunStarted():
                self._width = max((len(step) for step in event.steps), default=0) + 4
                self._print(f"{'continuing' if event.resumed else 'running'} {event.pipeline} as {event.run}")
            case StepStarted():
                again = f" (attempt {event.attempt})" if event.attempt > 1 else ""
                self._print(f"{event.label:{self._width}} started{again}")
            case StepOutput() if self._verbose:
                for line in event.lines:
                    self._print(f"{event.label:{self._width}} | {_plain(line)}")
            case StepRetried():
                self._print(f"{event.label:{self._width}} failed: {event.reason}; next attempt in {duration(event.wait_seconds)}")
            case StepEnded():
                self._print(f"{event.result.label:{self._width}} {_outcome(event.result)}")
            case _:
                pass

    def _print(self, line: str) -> None:
        encoding = self._stream.encoding or "utf-8"
        self._stream.write(line.encode(encoding, "replace").decode(encoding) + "\n")
        self._stream.flush()


@dataclass(slots=True)
class _Line:
    """What is known of one step; a fan-out is one line with a count."""

    name: str
    running: int = 0
    ended: dict[State, int] | None = None
    began: float | None = None
    seconds: float = 0.0
    text: str = ""

    @property
    def state(self) -> State:
        ended = self.ended or {}
        if State.FAILED in ended:
            return State.FAILED
        if self.running:
            return State.RUNNING
        return next((state for state in _WORST_FIRST if state in ended), State.WAITING)


class LiveLines:
    """All steps, redrawn in place; a step's line holds its state, name, duration and the last line it printed."""

    tick_seconds: ClassVar[float] = 1.0

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lines: dict[str, _Line] = {}
        self._drawn = 0
        self._last = 0.0
        self._colour = "NO_COLOR" not in os.environ

    def __call__(self, event: Event) -> None:
        """Take the event in and draw, not more often than an eye can follow."""
        match event:
            case RunStarted():
                self._lines = {step: _Line(step) for step in event.steps}
                self._stream.write(f"{'continuing' if event.resumed else 'running'} {event.pipeline} as {event.run}\n")
            case StepStarted():
                line = self._line(event.label)
                line.running += 1
                line.began = line.began or time.monotonic()
            case StepOutput():
                shown = [text for text in map(_plain, event.lines) if text.strip()]
                self._line(event.label).text = shown[-1] if shown else self._line(event.label).text
            case StepRetried():
                line = self._line(event.label)
                line.running -= 1
                line.text = f"{event.reason}; next attempt in {duration(event.wait_seconds)}"
            case StepEnded():
                self._end(event.result)
            case _:
                pass
        now = time.monotonic()
        if isinstance(event, RunEnded) or now - self._last >= _REDRAW_SECONDS:
            self._last = now
            self._draw(everything=isinstance(event, RunEnded))

    def _line(self, label: str) -> _Line:
        return self._lines[label.partition("[")[0] if label not in self._lines else label]

    def _end(self, result: StepResult) -> None:
        line = self._lines[result.step]
        line.running -= 1 if result.attempts and result.state not in {State.CACHED, State.RESUMED} else 0
        line.ended = (line.ended or {}) | {result.state: (line.ended or {}).get(result.state, 0) + 1}
        line.seconds = max(line.seconds, result.seconds)
        if result.state in {State.FAILED, State.SKIPPED}:
            line.text = result.reason

    def _draw(self, *, everything: bool) -> None:
        size = shutil.get_terminal_size()
        lines = [line for line in self._lines.values() if everything or line.state is not State.WAITING]
        hidden = len(self._lines) - len(lines)
        room = size.lines - 3
        if not everything and len(lines) > room:
            active = [line for line in lines if line.state in {State.RUNNING, State.FAILED}][-room:]
            hidden += len(lines) - len(active)
            lines = active
        drawn = [self._text(line, size.columns) for line in lines]
        if hidden and not everything:
            drawn.append(f"  and {hidden} more"[: size.columns - 1])
        back = f"\x1b[{self._drawn}F" if self._drawn else ""
        self._stream.write(back + "".join(f"\x1b[K{text}\n" for text in drawn) + "\x1b[J")
        self._stream.flush()
        self._drawn = len(drawn)

    def _text(self, line: _Line, columns: int) -> str:
        state = line.state
        width = max(len(name) for name in self._lines)
        count = sum((line.ended or {}).values())
        seconds = time.monotonic() - line.began if line.running and line.began is not None else line.seconds
        fan = f" ({count} done)" if line.running + count > 1 else ""
        word = f"{duration(seconds):>8}" if state in {State.RUNNING, State.SUCCEEDED, State.FAILED, State.STOPPED} else f"{state.value:>8}"
        text = f"{line.name:{width}}  {word}{fan}  {line.text if state in {State.RUNNING, State.FAILED, State.SKIPPED} else ''}"
        text = text[: max(0, columns - 3)].rstrip()
        symbol = _SYMBOLS[state]
        colour = _COLOURS.get(state) if self._colour else None
        return f"\x1b[{colour}m{symbol}\x1b[0m {text}" if colour else f"{symbol} {text}"


def _outcome(result: StepResult) -> str:
    words = result.state.value
    if result.state in {State.SUCCEEDED, State.FAILED, State.STOPPED}:
        words += f" after {duration(result.seconds)}"
    return f"{words}: {result.reason}" if result.reason else words


def _plain(line: str) -> str:
    """A line without colours and control characters: the terminal is ours to draw on."""
    return _ESCAPE_SEQUENCE.sub("", line.replace("\t", "    "))
