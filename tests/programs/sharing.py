"""Statutes of one article that shares the surplus, as the tests of proofs write them."""

from collections.abc import Callable

from coopfx.desk.versions import Statute
from coopfx.ground.report import Report
from oak import HEADING

Compile = Callable[[str], Statute]
TryText = Callable[[str], tuple[Statute | None, Report]]

BARE = HEADING.replace("2024", "2019") + 'article 1 "Sharing"\n'
SCOP = BARE.replace('"Oak"', '"Oak" under fr.scop')
LEGAL = "15% to reserves.legal until highest_share_capital then to reserves.development"
REST = "rest to reserves.development"


def allocation(*items: str) -> str:
    """The lines that allocate the surplus."""
    lines = "".join(f"    {item}\n" for item in items)
    return f"  allocate surplus\n{lines}    losses to losses_brought_forward\n"
