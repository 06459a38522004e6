"""Runs as the server knows them: where they are, how one is started in a process of its own, and how it stands."""
