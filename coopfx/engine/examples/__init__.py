"""A statute's own tests, and what they reach."""
