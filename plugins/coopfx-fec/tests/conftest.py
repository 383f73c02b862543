"""Lends every test the fixtures of conftest_fec."""

from conftest_fec import found

__all__ = ["found"]
