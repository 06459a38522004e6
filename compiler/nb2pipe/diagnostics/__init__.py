"""Findings about the user's notebook: values, their catalogue, their printed forms."""
