"""Notebook and pipeline → a plain Python project: one module per step, and nothing of Jupyter or of this product in it."""
