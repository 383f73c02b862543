"""Each reader of data against the bare parser beneath it, on the same 100,000 people of Alma's columns.

The accounting export (FEC) holds no people: of it, lines are read, checked and added up to accounts.

A reader's row is a function that writes the file into a folder and returns the two contenders: the
parser alone, going through every cell, and coopfx, which makes typed and exact facts of them.
"""

import csv
import sys
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from coopfx import pipeline
from coopfx.desk.data import Files
from coopfx.desk.policy import open_policy
from coopfx.desk.years import schema_of
from coopfx.formats.sheets import read_table
from coopfx.ground.facts import Schema, Table
from coopfx.ground.report import Report
from coopfx.ground.words import Words
from coopfx.plugged.world import World, load_world
from measure import Comparison, Contender

REPOSITORY = Path(__file__).parents[2]
sys.path.insert(0, str(REPOSITORY / "tests" / "synthetic"))
import fec  # noqa: E402
import ways  # noqa: E402
from scop import Scop, draw, write  # noqa: E402

PEOPLE = 100_000
LINES = 100_000
ROUNDS = 5


@cache
def scop() -> Scop:
    """The people that every reader reads."""
    return draw(PEOPLE)


@cache
def alma() -> tuple[Schema, list[Words], World]:
    """What Alma's statute may be given, and the words to read it by."""
    report = Report()
    world = load_world(report)
    policy = open_policy(REPOSITORY / "policies" / "alma", report)
    assert policy is not None
    statute = pipeline.check_policy(policy, world, report)[0]
    others = [words for name, words in world.languages.items() if name != statute.file.language]
    return schema_of(statute.program), [statute.words, *others], world


def read_people(folder: Path) -> Table:
    """The people of a folder as a table of facts, by whatever reader its file asks for."""
    schema, words, world = alma()
    report = Report()
    with Files(folder, world) as files:
        sheet = files.read(schema, words).records["person"]
        table = read_table(sheet, schema, words, report)
    assert table is not None and len(table.ids) == PEOPLE, report.diagnostics[:3]
    return table


def csv_reader(folder: Path) -> tuple[Contender, Contender]:
    """CSV: the parser of the standard library, over every row."""
    write(scop(), folder)

    def bare() -> int:
        with (folder / "people.csv").open(encoding="utf-8", newline="") as file:
            return sum(len(row) for row in csv.reader(file, delimiter=";"))

    return Contender("csv.reader", bare), Contender("coopfx, CSV", partial(read_people, folder))


def workbook(sort: str, folder: Path) -> tuple[Contender, Contender]:
    """XLSX or ODS: calamine, in Rust, over every cell of every sheet."""
    from python_calamine import CalamineWorkbook

    ways.WAYS[sort](scop(), folder)
    (path,) = folder.iterdir()

    def bare() -> int:
        book = CalamineWorkbook.from_path(path)
        sheets = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
        return sum(len(row) for rows in sheets for row in rows)

    product = Contender(f"coopfx, {sort.upper()}", partial(read_people, folder))
    return Contender(f"calamine, {sort.upper()}", bare), product


def parquet(folder: Path) -> tuple[Contender, Contender]:
    """Parquet: pyarrow, each cell as a value of Python."""
    import pyarrow.parquet as pq

    ways.WAYS["parquet"](scop(), folder)

    def bare() -> int:
        with pq.ParquetFile(folder / "people.parquet") as file:
            batches = file.iter_batches()
            return sum(len(one.to_pylist()) for batch in batches for one in batch.columns)

    return Contender("pyarrow, Parquet", bare), Contender(
        "coopfx, Parquet", partial(read_people, folder)
    )


def ledger(folder: Path) -> tuple[Contender, Contender]:
    """A FEC: the parser of the standard library, over every cell; every entry checked beside it."""
    from coopfx_fec.mapping import default_mapping
    from coopfx_fec.reader import open_ledger

    path = folder / "000000180FEC20241231.txt"
    with path.open("w", encoding="iso8859-15", newline="") as file:
        fec.write(file, fec.ALMA, LINES, 1)

    def bare() -> int:
        with path.open(encoding="iso8859-15", newline="") as file:
            return sum(len(row) for row in csv.reader(file, delimiter="\t"))

    def add_up() -> None:
        with path.open("rb") as file:
            found = open_ledger(path, file, default_mapping(), Report())
        assert found is not None and found.lines == LINES

    return Contender("csv.reader, FEC", bare), Contender("coopfx, a ledger of the FEC", add_up)


READERS: dict[str, tuple[Callable[[Path], tuple[Contender, Contender]], float]] = {
    "csv": (csv_reader, 14.0),
    "xlsx": (partial(workbook, "xlsx"), 12.0),
    "ods": (partial(workbook, "ods"), 20.0),
    "parquet": (parquet, 5.0),
    "fec": (ledger, 6.0),
}
"""The readers, each with its bar: so many times the bare parser's time at most."""


def comparisons() -> list[Comparison]:
    """Each reader against the parser beneath it."""
    found = []
    for name, (prepare, bar) in READERS.items():
        folder = Path(tempfile.mkdtemp(prefix=f"coopfx-{name}-"))
        peer, product = prepare(folder)
        found.append(Comparison(peer, ((product, bar),), ROUNDS))
    return found
