"""One year of a made-up Scop in every way that a cooperative may hand it in.

    python tests/synthetic/ways.py FOLDER [--people 1000] [--lines 100000] [--seed 1]

writes a policy with Alma's statute and a year for each way, all of them the same year to the cent:

    csv       people.csv, teams.csv, cooperative.csv
    xlsx ods  one workbook
    parquet   people.parquet, teams.parquet, cooperative.parquet
    fec       the accounting export in so many lines, the payroll book of another program with its
              columns.toml, the teams, and in cooperative.csv the little that no account says

so that `coopfx run FOLDER csv`, `coopfx run FOLDER fec` and so on end in the same outcome.
"""

from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from shutil import copyfile
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import fec
import scop
import workbooks
from scop import Cell, Cents, Scop
from tables import Year, decimal

ALMA = Path(__file__).parents[2] / "policies" / "alma"
SIREN = "000000271"
# What the accounts of this Scop say beside what scop.draw draws: no profit-sharing agreement, nothing
# brought forward.
IN_ACCOUNTS: dict[str, Cell] = {
    "part_travail_en_charges": Cents(0),
    "report_créditeur": Cents(0),
}
BALANCES_IN_ACCOUNTS = {
    "report_à_nouveau_débiteur": Cents(0),
    "part_travail": Cents(0),
    "intérêt_aux_parts": Cents(0),
}
BESIDE_A_FEC = ("capital_le_plus_haut",)
"""The cooperative's figures that no account says."""
PAYROLL = {
    "équipe": "Atelier",
    "salarié": "Contrat de travail",
    "associé": "Sociétaire",
    "salaire": "Brut annuel",
    "heures": "Heures payées",
    "présence": "Mois de présence",
    "ancienneté": "Ancienneté (mois)",
    "salaire_temps_plein": "Brut mensuel temps plein",
    "parts_détenues": "Capital détenu",
    "formé": "Formation",
    "id": "N° de paie",
}
"""What the columns of the payroll book are called."""


def draw(people: int, seed: int) -> Scop:
    """A Scop with all that its accounts say of it."""
    drawn = scop.draw(people, seed)
    facts = {**drawn.facts, "résultat_comptable": Cents(drawn.surplus), **IN_ACCOUNTS}
    return Scop(drawn.tables, facts, {**drawn.balances, **BALANCES_IN_ACCOUNTS})


def write(folder: Path, people: int, lines: int, seed: int) -> None:
    """Writes the policy with a year for each way."""
    drawn = draw(people, seed)
    folder.mkdir(parents=True, exist_ok=True)
    for statute in ALMA.glob("statute.*.coop"):
        copyfile(statute, folder / statute.name)
    copyfile(ALMA / "coopfx.toml", folder / "coopfx.toml")
    for name, way in WAYS.items():
        (folder / name).mkdir(exist_ok=True)
        way(drawn, folder / name)
    _fec(drawn, folder / "fec", lines, seed)


def _csv(drawn: Scop, folder: Path) -> None:
    year = Year(folder, scop.CLOSING)
    for record, rows in (*drawn.tables.items(), ("cooperative", _own(drawn))):
        header, *records = ([_text(cell) for cell in row] for row in rows)
        year.table(f"{record}.csv", header, records)


def _own(drawn: Scop) -> list[Sequence[Any]]:
    """The cooperative's own figures as a table of names and values."""
    closing = date.fromisoformat(scop.CLOSING)
    own = {"clôture": closing, "nom": scop.NAME, **drawn.facts, **drawn.balances}
    return [("nom", "valeur"), *own.items()]


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    return decimal(cell.hundredths) if isinstance(cell, Cents) else str(cell)


def _sheets(drawn: Scop) -> dict[str, list[list[Any]]]:
    """The sheets of a workbook, whose numbers are floats: there are no others in one."""
    named = {"Coopérative": _own(drawn), **drawn.tables}
    return {
        name: [
            [cell.hundredths / 100 if isinstance(cell, Cents) else cell for cell in row]
            for row in rows
        ]
        for name, rows in named.items()
    }


def _xlsx(drawn: Scop, folder: Path) -> None:
    (folder / "exercice.xlsx").write_bytes(workbooks.xlsx(_sheets(drawn)))


def _ods(drawn: Scop, folder: Path) -> None:
    (folder / "exercice.ods").write_bytes(workbooks.ods(_sheets(drawn)))


def _parquet(drawn: Scop, folder: Path) -> None:
    for record, rows in drawn.tables.items():
        columns = {
            str(name): _column([row[at] for row in rows[1:]]) for at, name in enumerate(rows[0])
        }
        pq.write_table(pa.table(columns), folder / f"{record}.parquet")
    names, values = zip(*_own(drawn)[1:], strict=True)
    own = {"nom": names, "valeur": [_text(cell) for cell in values]}
    pq.write_table(pa.table(own), folder / "cooperative.parquet")


def _column(cells: Sequence[Cell]) -> Any:
    """A column as a database has it: amounts as decimals, whole numbers, booleans, texts."""
    if isinstance(cells[0], Cents):
        amounts = [Decimal(cell.hundredths).scaleb(-2) for cell in cells if isinstance(cell, Cents)]
        return pa.array(amounts, pa.decimal128(18, 2))
    return pa.array(cells)


WAYS: dict[str, Callable[[Scop, Path], None]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "ods": _ods,
    "parquet": _parquet,
}


def _fec(drawn: Scop, folder: Path, lines: int, seed: int) -> None:
    """The books of the Scop, the payroll book, and what is in neither."""
    year = Year(folder, scop.CLOSING)
    beside = [(name, _text(drawn.facts[name])) for name in BESIDE_A_FEC]
    year.table("cooperative.csv", ("nom", "valeur"), [("nom", scop.NAME), *beside])
    header, *teams = ([_text(cell) for cell in row] for row in drawn.tables["teams"])
    year.table("teams.csv", header, teams)
    names, *people = ([_text(cell) for cell in row] for row in drawn.tables["people"])
    year.table("paie.csv", [PAYROLL[name] for name in names], people)
    columns = "".join(f'"{program}" = "{name}"\n' for name, program in PAYROLL.items())
    said = f'["paie.csv"]\nrecord = "personne"\n\n["paie.csv".columns]\n{columns}'
    (folder / "columns.toml").write_text(said, encoding="utf-8")
    books = _books(drawn)
    path = folder / f"{books.siren}FEC{scop.CLOSING.replace('-', '')}.txt"
    with path.open("w", encoding="iso8859-15", newline="") as file:
        fec.write(file, books, lines, seed)


def _books(drawn: Scop) -> fec.Books:
    """The year's accounts. A tenth of each reserve is what this year's meeting has decided."""

    def cents(name: str) -> int:
        cell = drawn.facts[name]
        assert isinstance(cell, Cents)
        return cell.hundredths

    at = drawn.tables["people"][0].index("salaire")
    pay = [row[at] for row in drawn.tables["people"][1:]]
    reserves = {
        "106100": drawn.balances["réserves.légale"].hundredths,
        "106300": drawn.balances["réserves.développement"].hundredths,
    }
    voted = {account: closing // 10 for account, closing in reserves.items()}
    return fec.Books(
        siren=SIREN,
        year=int(scop.CLOSING[:4]),
        result=cents("résultat_comptable"),
        turnover=cents("chiffre_d_affaires"),
        pay=sum(cell.hundredths for cell in pay if isinstance(cell, Cents)),
        capital=cents("capital_social"),
        opening={account: closing - voted[account] for account, closing in reserves.items()},
        voted=voted,
    )


def main() -> None:
    """Writes the policy that is asked for."""
    parser = ArgumentParser(prog="python tests/synthetic/ways.py")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--lines", type=int, default=100_000, help="of the accounting export")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    write(asked.folder, asked.people, asked.lines, asked.seed)


if __name__ == "__main__":
    main()
