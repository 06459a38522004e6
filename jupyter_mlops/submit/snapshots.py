"""A value as it is now ↔ bytes that another process can compare it with: pickle, with a stand-in for each part that has no state to compare.

Figures are compared where they are shown, functions by their code, modules by their name; generators, files and locks only by their type.
"""

from __future__ import annotations

import copyreg
import dis
import hashlib
import io
import pickle
import sys
import types
from dataclasses import dataclass
from typing import Any

HIDDEN = frozenset(("In", "Out", "exit", "quit", "get_ipython", "display", "open"))
"""Names that the kernel or the step runtime binds, not the notebook."""

OF_THE_SHELL = ("IPython.utils.capture", "IPython.utils.text", "jupyter_mlops.runtime.shell")
"""What ``%%capture`` and ``x = !ls`` bind; the step runtime has classes of its own for it."""


@dataclass(frozen=True, slots=True)
class StandIn:
    """Takes the place of an object; two are equal when they say the same."""

    kind: str
    says: str

    def __repr__(self) -> str:
        return f"<{self.kind} {self.says}>"


def snapshot(value: Any) -> bytes | None:
    """Pickle a value with its stand-ins; None when nothing can be kept of it."""
    buffer = io.BytesIO()
    try:
        _Pickler(buffer, protocol=5).dump(value)
    except Exception:  # any class may refuse in its own way
        return None
    return buffer.getvalue()


def restore(kept: bytes) -> Any:
    """Give the value back; the notebook's classes must be in ``__main__``."""
    return pickle.loads(kept)  # noqa: S301 - this command's own runs wrote it a moment ago


def is_users(name: str) -> bool:
    """Tell whether a name of the namespace is the notebook's own: not IPython's, and not the state of a generator or a file."""
    history = name.strip("_0123456789i") == "" and name.startswith("_")
    return name.isidentifier() and not (
        history or name in HIDDEN or name in ("_oh", "_dh", "_ih", "_exit_code") or (name[:2] == name[-2:] == "__")
    )


LAYOUT = frozenset("CACHE PUSH_NULL PRECALL RESUME NOP".split())
"""Instructions that say nothing of what a function does."""

JUMPS = frozenset((*dis.hasjrel, *dis.hasjabs))


class _Pickler(pickle.Pickler):
    def reducer_override(self, part: Any) -> Any:
        """Put a stand-in for what has no state of its own, or none that can be kept."""
        if isinstance(part, types.FunctionType):
            own = part.__module__ == "__main__" or "<" in part.__qualname__
            return _stand_in("function", f"{part.__qualname__} {_code(part.__code__)}") if own else NotImplemented
        if isinstance(part, types.ModuleType):
            return _stand_in("module", part.__name__)
        if isinstance(part, type):
            return _stand_in("class", part.__qualname__) if "<locals>" in part.__qualname__ else NotImplemented
        if part is getattr(sys.modules.get("numpy.random.mtrand"), "_rand", self):
            return _stand_in("generator", "of the process")  # a part of every distribution of SciPy, and no state of it
        drawn = part.__self__ if isinstance(part, types.MethodType) else part
        if type(drawn).__module__.startswith(("matplotlib.", "mpl_toolkits.")) and hasattr(drawn, "get_figure"):
            return _stand_in("drawn", type(drawn).__qualname__)
        if type(part).__module__ in OF_THE_SHELL and hasattr(part, "stdout"):
            return _stand_in("captured", part.stdout)
        if type(part).__module__ in OF_THE_SHELL and isinstance(part, list):
            return list, (list(part),)
        if type(part) in copyreg.dispatch_table:
            return NotImplemented
        try:
            return part.__reduce_ex__(5)
        except Exception:  # a generator, an open file, a lock
            return _stand_in("object", f"{type(part).__module__}.{type(part).__qualname__}")


def _stand_in(kind: str, says: str) -> tuple[Any, tuple[str, str]]:
    return StandIn, (kind, says)


def _code(code: types.CodeType) -> str:
    """Digest what a function does: its instructions with their names and constants, not where it stands.

    A call of a module's function is compiled in another way where the import stands in the same piece of code, as in a step but not in a kernel.
    """
    digest = hashlib.sha256()
    for each in dis.get_instructions(code):
        if each.opname in LAYOUT:
            continue
        value = "" if each.opcode in JUMPS else each.argval
        if isinstance(value, types.CodeType):
            value = _code(value)
        elif isinstance(value, frozenset):
            value = sorted(map(repr, value))
        digest.update(f"{'LOAD_ATTR' if each.opname == 'LOAD_METHOD' else each.opname} {value!r}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:12]


def title(value: Any) -> str:
    """Name the type of a value."""
    return f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins.")


def python() -> str:
    """Name the version that pickles of code and classes depend on."""
    return ".".join(map(str, sys.version_info[:2]))
