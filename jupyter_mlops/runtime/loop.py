"""Top-level ``await`` → its value, in the one event loop that the cells of a step share."""

from __future__ import annotations

import asyncio

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .cells import Kernel


def run(kernel: Kernel, waiting: Any) -> Any:
    """Wait for what a cell awaits."""
    if not kernel.loop:
        kernel.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(kernel.loop)
    return kernel.loop.run_until_complete(waiting)
