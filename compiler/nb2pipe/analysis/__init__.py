"""Notebook → DataflowGraph: an abstract run of the cells in order, where every value is the set of objects it may be."""
