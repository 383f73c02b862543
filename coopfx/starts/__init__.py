"""A first statute: what a model leaves open, asked; the answers, written as a text that runs."""
