"""A Scop of any size, by seed: one year that can be written as CSV, as a workbook or as an export.

    python tests/synthetic/scop.py FOLDER [--people 1000] [--seed 1]

writes a year's folder that the statute of policies/alma can be run on. Whoever writes another format
takes the same ``Scop``: its tables row by row, its own figures and opening balances, all in whole cents.
"""

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tables import Figure, Year, decimal, half_up

NAME = "Scop synthétique"
CLOSING = "2024-12-31"
FULL_YEAR_HOURS = 1607
SHARE_VALUE = 50_00
TEAM = 24
PERSON = (
    *("id", "équipe", "salarié", "associé", "salaire", "heures", "présence", "ancienneté"),
    *("salaire_temps_plein", "parts_détenues", "formé"),
)


@dataclass(frozen=True, slots=True)
class Cents:
    """An amount, or a number of hours, in hundredths: how it is written is the format's own matter."""

    hundredths: int


Cell = Figure | Cents


@dataclass(frozen=True, slots=True)
class Scop:
    """A year: the cells of each table, the cooperative's figures and opening balances by their names.

    ``tables`` are by the record's file without its ending (``people``), each with its heading first.
    """

    tables: dict[str, list[Sequence[Cell]]]
    facts: dict[str, Cell]
    balances: dict[str, Cents]

    @property
    def surplus(self) -> int:
        """The year's surplus in cents."""
        surplus = self.facts["excédent"]
        assert isinstance(surplus, Cents)
        return surplus.hundredths


def draw(people: int, seed: int = 1) -> Scop:
    """A Scop of so many people; the same for one seed on any machine."""
    random = Random(seed)
    teams = max(1, people // TEAM)
    rows = [PERSON, *_people(random, people, teams)]
    surplus = people * random.randrange(20_000_00, 60_000_00)
    results = [random.randrange(-2_000_00, 9_000_00) * TEAM for _ in range(teams - 1)]
    results.append(surplus - sum(results))
    sizes = [0] * teams
    for row in rows[1:]:
        sizes[int(str(row[1])[1:]) - 1] += 1
    named = zip(results, sizes, strict=True)
    team_rows: list[Sequence[Cell]] = [("id", "résultat", "effectif")]
    team_rows += [(f"t{at:05}", Cents(result), size) for at, (result, size) in enumerate(named, 1)]
    capital = sum(cell.hundredths for row in rows[1:] if isinstance(cell := row[9], Cents))
    facts: dict[str, Cell] = {
        "excédent": Cents(surplus),
        "chiffre_d_affaires": Cents(people * 184_000_00),
        "capital_social": Cents(capital),
        "capital_le_plus_haut": Cents(capital + people * 10_000_00),
    }
    balances = {
        "réserves.légale": Cents(people * 9_000_00 + 1),
        "réserves.développement": Cents(people * 40_000_00 + 37),
    }
    return Scop({"people": rows, "teams": team_rows}, facts, balances)


def _people(random: Random, count: int, teams: int) -> Iterator[Sequence[Cell]]:
    for number in range(1, count + 1):
        presence = 12 if random.random() < 0.93 else random.randrange(1, 12)
        tenths = 10 if random.random() < 0.75 else random.choice((5, 6, 8, 9))
        seniority = random.randrange(presence, 336)
        pay = random.randrange(3_640_00, 9_100_00)
        shares = 10 + 3 * (seniority // 12) if seniority >= 12 else 0
        yield (
            f"p{number:07}",
            f"t{random.randrange(teams) + 1:05}",
            True,
            bool(shares),
            Cents(half_up(pay * presence * tenths, 10)),
            Cents(half_up(FULL_YEAR_HOURS * 100 * presence * tenths, 12 * 10)),
            presence,
            seniority,
            Cents(pay),
            Cents(shares * SHARE_VALUE),
            random.random() < 0.4,
        )


def write(scop: Scop, folder: Path, name: str = NAME) -> None:
    """Writes a year's folder: cooperative.toml, and each table as CSV."""
    year = Year(folder, CLOSING, remark="A synthetic year, written by tests/synthetic/scop.py.")
    for record, rows in scop.tables.items():
        header, *records = ([_cell(cell, ",") for cell in row] for row in rows)
        year.table(f"{record}.csv", [str(cell) for cell in header], records)
    facts = {key: _toml(cell) for key, cell in scop.facts.items()}
    balances = {key: _toml(cell) for key, cell in scop.balances.items()}
    year.cooperative(name, facts=facts, balances=balances)


def _cell(cell: Cell, mark: str) -> Figure:
    return decimal(cell.hundredths, mark) if isinstance(cell, Cents) else cell


def _toml(cell: Cell) -> str | int:
    found = _cell(cell, ".")
    return ("oui" if found else "non") if isinstance(found, bool) else found


def main() -> None:
    """Writes the year that is asked for."""
    parser = ArgumentParser(prog="python tests/synthetic/scop.py")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    write(draw(asked.people, asked.seed), asked.folder)


if __name__ == "__main__":
    main()
