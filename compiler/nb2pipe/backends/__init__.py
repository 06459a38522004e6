"""Pipeline → Bundle: one small member for each orchestrator."""
