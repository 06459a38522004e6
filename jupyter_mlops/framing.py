"""Stage 1: the problem card."""
