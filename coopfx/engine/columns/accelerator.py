"""Whether the splits are worked out by the compiled pass, which is the same to the cent.

It needs numba, which ``coopfx[fast]`` installs, and half a second to be loaded; so a process takes it up
once it has split as many rows as it takes to win that back, if it may have the memory. ``COOPFX_FAST=yes``
takes it up from the first row, ``COOPFX_FAST=no`` never.
"""

import os
from importlib import import_module
from types import ModuleType

from attrs import define

from coopfx.engine.columns.memory import allowed

SWITCH = "COOPFX_FAST"
PAYS_FROM = 4_000_000
"""Rows that numpy splits in the time that it takes to load the compiled pass, about."""
ROOM = 512 * 2**20
"""Bytes that a process has to be allowed: numba takes a hundred megabytes, which blocks may need."""


@define(slots=True)
class Accelerator:
    """How many rows a process has split so far, and the compiled pass once it is loaded."""

    rows: int = 0
    tried: bool = False
    module: ModuleType | None = None

    def for_rows(self, rows: int) -> ModuleType | None:
        """The compiled pass for another so many rows; None where numpy is to split them.

        Raises ImportError where the switch asks for numba and there is none.
        """
        switch = os.environ.get(SWITCH, "")
        if switch == "no":
            return None
        self.rows += rows
        if self.module is None and (switch == "yes" or self.rows >= PAYS_FROM):
            if self.tried and switch != "yes":
                return None
            self.tried = True
            if switch != "yes" and allowed() < ROOM:
                return None
            try:
                self.module = import_module("coopfx.engine.columns.compiled")
            except ImportError:
                if switch == "yes":
                    raise
        return self.module


_OF_THE_PROCESS = Accelerator()


def accelerator(rows: int) -> ModuleType | None:
    """The compiled pass for another so many rows of this process; None where numpy is to split them."""
    return _OF_THE_PROCESS.for_rows(rows)
