"""A French accounting export (FEC): read, checked and added up, against the bare parser beneath it."""

import atexit
import csv
import io
import shutil
import sys
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

from measure import Comparison, Contender

REPOSITORY = Path(__file__).parents[2]
LINES = 50_000


def comparisons() -> list[Comparison]:
    """Fifty thousand lines: ``csv.reader`` alone; entries and accounts of the same lines."""
    sys.path.insert(0, str(REPOSITORY / "tests" / "synthetic"))
    import fec

    folder = Path(mkdtemp(prefix="coopfx-bench-"))
    atexit.register(shutil.rmtree, folder)
    path = folder / "000000180FEC20241231.txt"
    text = io.StringIO(newline="")
    fec.write(text, fec.ALMA, LINES, 1)
    path.write_bytes(text.getvalue().encode("iso8859-15"))
    return [
        Comparison(
            peer=Contender("csv.reader", partial(parse, path)),
            products=((Contender("a ledger of the FEC", partial(add_up, path)), 6.0),),
            rounds=10,
        )
    ]


def parse(path: Path) -> None:
    """Every cell of every line, as text."""
    with path.open(encoding="iso8859-15", newline="") as file:
        for _ in csv.reader(file, delimiter="\t"):
            pass


def add_up(path: Path) -> None:
    """Every account's balance in cents, every entry's balance checked."""
    from coopfx.report import Report
    from coopfx_fec.mapping import default_mapping
    from coopfx_fec.reader import open_ledger

    with path.open("rb") as file:
        ledger = open_ledger(path, file, default_mapping(), Report())
    assert ledger is not None and ledger.lines == LINES
