"""nb2pipe: a tagged notebook → a pipeline, by static analysis alone."""
