"""The four frozen data structures: Notebook → DataflowGraph → Pipeline → Bundle."""
