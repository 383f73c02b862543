"""The plain evaluator: exact, one node after the other, every value kept."""
