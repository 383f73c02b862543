"""The version of coopfx, which outcomes and kept answers name."""

__version__ = "0.1.0"
