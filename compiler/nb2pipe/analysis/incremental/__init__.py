"""The analysis kept up to date while a notebook is edited: only what depends on an edit is run again."""
