"""`nb2pipe backends`: what can be compiled for, and what each backend can do."""

from __future__ import annotations

import sys

from nb2pipe.cli.options import parser, write_json


def run(words: list[str]) -> int:
    """Print the table of backends and capabilities."""
    from nb2pipe.backends.base import Capability
    from nb2pipe.backends.registry import list_backends, load_backend

    options = parser("backends", ("text", "json"))
    given = options.parse_args(words)
    backends = [load_backend(name) for name in list_backends()]
    if given.format == "json":
        write_json(
            {
                backend.name: {capability.name.lower(): backend.capabilities[capability].level.value for capability in Capability}
                for backend in backends
            }
        )
        return 0
    width = max(len(capability.value) for capability in Capability)
    sys.stdout.write(f"{'':{width}}  " + "  ".join(f"{backend.name:15}" for backend in backends).rstrip() + "\n")
    for capability in Capability:
        row = "  ".join(f"{backend.capabilities[capability].level.value:15}" for backend in backends)
        sys.stdout.write(f"{capability.value:{width}}  {row}".rstrip() + "\n")
    return 0
