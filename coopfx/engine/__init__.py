"""Typed program and facts, to an outcome."""
