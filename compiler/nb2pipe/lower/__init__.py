"""DataflowGraph → Pipeline: who belongs to which step, what each step needs, what crosses the borders."""
