"""Rendering: data → text of the files a backend writes."""
