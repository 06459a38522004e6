"""The lifecycle verbs and the Jupyter hooks. Importing this package imports nothing."""

__version__ = "0.1.0"
