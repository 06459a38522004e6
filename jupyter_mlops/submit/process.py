"""One attempt of a step as an operating system process: its own group, its output in a file and to a listener, its end without polling.

Two threads watch a process: one reads its output, one waits for its end; both block, so waiting costs nothing.
When the process ends, what it left running in its group is killed, as a container's end would.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from typing import TYPE_CHECKING

from jupyter_mlops.submit.masking import masked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

# Reads lines that each list the process groups now running; when the runner dies, its end of the pipe closes and they are killed.
# A shell of its own does this because it also works when the runner is killed with -9, on every POSIX system, and for whole groups
# (Linux's parent-death signal reaches only the direct child, and setting it needs code between fork and exec, unsafe beside threads).
_GUARDIAN = 'groups=; while read -r line; do groups=$line; done; for group in $groups; do kill -s KILL -- "-$group"; done'


class Guardian:
    """Kills the steps of a runner that died; started with the first step."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._groups: set[int] = set()
        self._shell: subprocess.Popen[bytes] | None = None

    def watch(self, group: int) -> None:
        """A process group has started."""
        with self._lock:
            if self._shell is None:
                with contextlib.suppress(OSError):
                    self._shell = subprocess.Popen(
                        ["/bin/sh", "-c", _GUARDIAN],
                        stdin=subprocess.PIPE,
                        stdout=subprocess.DEVNULL,
                        stderr=subprocess.DEVNULL,
                        start_new_session=True,
                    )
            self._groups.add(group)
            self._tell()

    def release(self, group: int) -> None:
        """A process group has ended; its number may soon belong to somebody else."""
        with self._lock:
            self._groups.discard(group)
            self._tell()

    def close(self) -> None:
        """Let the guardian go."""
        if self._shell is not None and self._shell.stdin is not None:
            with contextlib.suppress(OSError):
                self._shell.stdin.close()
            self._shell.wait()

    def _tell(self) -> None:
        if self._shell is not None and self._shell.stdin is not None:
            line = " ".join(str(group) for group in sorted(self._groups))
            with contextlib.suppress(OSError):
                self._shell.stdin.write(f"{line}\n".encode())
                self._shell.stdin.flush()


class StepProcess:
    """A process that may be stopped at any time, even before it has started; `secrets` are values that neither log nor listener gets."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        directory: Path,
        log: Path,
        guardian: Guardian,
        on_lines: Callable[[tuple[str, ...]], None],
        environment: Mapping[str, str] | None = None,
        secrets: Sequence[str] = (),
    ) -> None:
        self._command = command
        self._environment = {**os.environ, **environment} if environment else None
        self._secrets = secrets
        self._directory = directory
        self._log = log
        self._guardian = guardian
        self._on_lines = on_lines
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def run(self) -> int | None:
        """Run to the end and return the exit status (negative for a signal), or None when it was stopped before it could start.

        Raises
        ------
        OSError
            If the process cannot be started.
        """
        with self._lock:
            if self._stopped:
                return None
            process = self._process = subprocess.Popen(
                self._command,
                cwd=self._directory,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                bufsize=0,
                start_new_session=True,
            )
        self._guardian.watch(process.pid)
        reader = threading.Thread(target=self._read, args=(process,), daemon=True)
        reader.start()
        code = self._wait(process)
        self._guardian.release(process.pid)
        reader.join(1.0)  # a daemon of the step's own session may still hold the pipe: its output is nobody's
        return code

    def signal(self, number: int) -> None:
        """Send a signal to the whole group."""
        with self._lock:
            self._stopped = True
            if self._process is not None and self._process.returncode is None:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self._process.pid, number)

    def _wait(self, process: subprocess.Popen[bytes]) -> int:
        if hasattr(os, "waitid"):  # the leader stays a zombie, so its number cannot be given to a stranger before the group is killed
            with contextlib.suppress(ChildProcessError):
                os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        else:
            process.wait()
        with self._lock:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            return process.wait()

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        rest = b""
        with self._log.open("ab", buffering=0) as log, process.stdout as pipe:
            for block in masked(iter(lambda: pipe.read(1 << 16), b""), self._secrets):
                log.write(block)
                *lines, rest = (rest + block).replace(b"\r", b"\n").split(b"\n")
                if lines:
                    self._on_lines(tuple(line.decode("utf-8", "replace") for line in lines))
        if rest:
            self._on_lines((rest.decode("utf-8", "replace"),))
