"""An untagged notebook → tags for its cells, which a person accepts or not."""
