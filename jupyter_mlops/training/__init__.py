"""The verbs of this stage."""
