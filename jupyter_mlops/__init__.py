"""The lifecycle verbs and the Jupyter hooks. Importing this package imports nothing."""

from __future__ import annotations

__version__ = "0.1.0"
