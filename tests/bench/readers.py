"""Each reader of data against the bare parser beneath it, on the same 100,000 people of Alma's columns.

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
from coopfx.data import Files
from coopfx.facts import Schema, Table
from coopfx.formats.sheets import read_table
from coopfx.plugins import World, load_world
from coopfx.policy import open_policy
from coopfx.report import Report
from coopfx.words import Words
from measure import Comparison, Contender

REPOSITORY = Path(__file__).parents[2]
sys.path.insert(0, str(REPOSITORY / "tests" / "synthetic"))
from scop import Scop, draw, write  # noqa: E402

PEOPLE = 100_000
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
    return pipeline.schema_of(statute.program), [statute.words, *others], world


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


READERS: dict[str, tuple[Callable[[Path], tuple[Contender, Contender]], float]] = {
    "csv": (csv_reader, 40.0),
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
