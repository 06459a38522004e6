"""Where a model may be served besides the local server: plans of files and commands, made without touching anything."""
