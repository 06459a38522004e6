"""A backend's name → the backend.  Built-in members are a table of strings; others come from the entry-point group ``nb2pipe.backends``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nb2pipe.errors import Nb2PipeError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.metadata import EntryPoint

    from nb2pipe.backends.base import Backend

GROUP = "nb2pipe.backends"
BUILT_IN: Mapping[str, str] = {
    "kfp": "nb2pipe.backends.kfp:BACKEND",
    "local": "nb2pipe.backends.local:BACKEND",
}


def load_backend(name: str) -> Backend:
    """Load the backend that claims `name`.

    Parameters
    ----------
    name : str
        The word after ``--backend``.

    Raises
    ------
    Nb2PipeError
        If nobody claims the name, two members claim it, or the member does not load.
    """
    # Other packages are scanned only when the name is not ours: it costs three interpreter starts.  `list_backends` finds a second claim.
    target = BUILT_IN.get(name) or _claims().get(name)
    if target is None:
        known = ", ".join(f"`{known}`" for known in list_backends())
        message = f"there is no backend `{name}`; known are {known}"
        raise Nb2PipeError(message, hint="nb2pipe backends")
    module, _, attribute = target.partition(":")
    return _load(name, module, attribute)


def list_backends() -> tuple[str, ...]:
    """List the names of all backends, built-in ones first, the others by name."""
    return (*BUILT_IN, *sorted(_claims()))


def _claims() -> dict[str, str]:
    """The names that other installed packages claim, with the objects they stand for."""
    from importlib.metadata import entry_points

    claims: dict[str, EntryPoint] = {}
    for point in entry_points(group=GROUP):
        if point.name in BUILT_IN:
            _refuse(point.name, BUILT_IN[point.name], point.value)
        first = claims.setdefault(point.name, point)
        if first.value != point.value:
            _refuse(point.name, first.value, point.value)
    return {name: point.value for name, point in claims.items()}


def _refuse(name: str, first: str, second: str) -> None:
    message = f"two backends claim the name `{name}`: `{first}` and `{second}`"
    raise Nb2PipeError(message, hint="pip uninstall one of the two packages")


def _load(name: str, module: str, attribute: str) -> Backend:
    from importlib import import_module

    try:
        backend: Backend = getattr(import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        message = f"backend `{name}` does not load from `{module}:{attribute}`: {error}"
        raise Nb2PipeError(message, hint=f"pip install --force-reinstall the package that holds `{module}`") from error
    return backend
