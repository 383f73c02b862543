"""Whether the splits are worked out by the compiled pass, which is the same to the cent.

It needs numba, which ``coopfx[fast]`` installs, and half a second to be loaded; so a process takes it up
once it has split as many rows as it takes to win that back. ``COOPFX_FAST=yes`` takes it up from the
first row, ``COOPFX_FAST=no`` never.
"""

import os
from importlib import import_module
from types import ModuleType

from attrs import Factory, define

SWITCH = "COOPFX_FAST"
PAYS_FROM = 4_000_000
"""Rows split by numpy in the time that it takes to load the compiled pass, about."""


@define(slots=True)
class Accelerator:
    """What a process has split so far, and the compiled pass once it is loaded."""

    switch: str = Factory(lambda: os.environ.get(SWITCH, "").strip().lower())
    rows: int = 0
    tried: bool = False
    module: ModuleType | None = None

    def for_rows(self, rows: int) -> ModuleType | None:
        """The compiled pass for another so many rows; None where numpy is to split them."""
        if self.module is not None or self.tried or self.switch == "no":
            return self.module
        self.rows += rows
        if self.switch == "yes" or self.rows >= PAYS_FROM:
            self.tried = True
            try:
                self.module = import_module("coopfx.engine.columns.compiled")
            except ImportError:
                if self.switch == "yes":
                    raise
        return self.module


_OF_THE_PROCESS = Accelerator()


def accelerator(rows: int) -> ModuleType | None:
    """The compiled pass for another so many rows of this process; None where numpy is to split them."""
    return _OF_THE_PROCESS.for_rows(rows)
