"""A joinery's own files of two years, as people keep them: a workbook and an accounting export.

    python tests/synthetic/journey.py FOLDER

writes the statute of Le Rabot and, in the folders 2024 and 2025, a workbook with the staff under a title
and above a total, a register of shares by movements and a sheet of notes, beside a fichier des écritures
comptables. Nobody in it is real. The register goes back to the founding, and comes to the capital of the
accounts.
"""

import sys
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from fec import HEADER
from workbooks import xlsx

REPOSITORY = Path(__file__).parent.parent.parent
SHARE = 20
RESERVES = {2024: (22_000, 55_000), 2025: (23_640, 103_360)}
"""The legal reserve and the development fund when each year opens: in 2025 as they closed in 2024."""
FAMILY = (
    "Abel",
    "Bardin",
    "Colas",
    "Denis",
    "Evrard",
    "Faure",
    "Girard",
    "Hamon",
    "Imbert",
    "Jolly",
    "Kern",
)
GIVEN = (
    "Ana",
    "Brice",
    "Chloé",
    "Dov",
    "Élise",
    "Fares",
    "Gaëlle",
    "Hugo",
    "Inès",
    "Jules",
    "Karim",
)
NAMES = [(FAMILY[at % 11], GIVEN[(at + at // 11) % 11]) for at in range(25)]


@dataclass(slots=True)
class Person:
    """Somebody who works in the joinery; ``moves`` are day, what happened, and how many shares."""

    number: int
    hired: date
    left: date | None
    contract: str
    tenths: int
    month: int
    member: bool
    moves: list[tuple[date, str, int]] = field(default_factory=list)

    def months(self, year: int) -> int:
        """How many months of a year somebody was there; they come and go at the turn of a month."""
        first = max(self.hired, date(year, 1, 1))
        last = min(self.left or date(year, 12, 31), date(year, 12, 31))
        return max(0, 12 * (last.year - first.year) + last.month - first.month + 1)

    def pay(self, year: int) -> int:
        """Gross pay of the year, in euros."""
        return self.month * self.tenths * self.months(year) // 10

    def shares(self, closing: date) -> int:
        """Shares held at a closing."""
        return sum(number for day, _, number in self.moves if day <= closing)


def draw(seed: int = 27) -> list[Person]:
    """The people of both years."""
    random = Random(seed)
    people = []
    for number in range(1, 26):
        hired = date(2009 + random.randrange(14), 1 + random.randrange(12), 1)
        left = date(2024, 9, 30) if number == 6 else date(2025, 4, 30) if number == 9 else None
        contract = "CDD" if number % 9 == 0 else "CDI"
        tenths = (10, 10, 10, 8, 5)[number % 5]
        member = number % 3 != 0
        person = Person(
            number, hired, left, contract, tenths, 2000 + 100 * random.randrange(12), member
        )
        if member:
            day = hired + timedelta(days=200)
            person.moves.append((day, "Souscription", 20 + random.randrange(40)))
            for year in range(day.year + 1, 2025):
                person.moves.append(
                    (date(year, 6, 30), "Conversion part travail", 1 + random.randrange(8))
                )
            if number % 4 == 0:
                person.moves.append((date(2023, 12, 15), "Remboursement", -5))
        people.append(person)
    return people


def capital(people: list[Person], closing: date) -> int:
    """What all shares come to at a closing, in euros."""
    return SHARE * sum(one.shares(closing) for one in people)


def highest(people: list[Person], closing: date) -> int:
    """The most that all shares ever came to by a closing, in euros."""
    moves = sorted(move for one in people for move in one.moves if move[0] <= closing)
    held = most = 0
    for at, (day, _, number) in enumerate(moves):
        held += number
        if at + 1 == len(moves) or moves[at + 1][0] != day:
            most = max(most, held)
    return SHARE * most


def workbook(people: list[Person], year: int) -> bytes:
    """The workbook of a year, as an office keeps it."""
    closing = date(year, 12, 31)
    heading = [
        "Matricule",
        "Nom",
        "Prénom",
        "Date d'entrée",
        "Date de sortie",
        "Contrat",
        "Temps de travail",
    ]
    heading += ["Salaire brut annuel", "Heures", "Associé (O/N)", "Observations"]
    rows: list[list[Any]] = [
        ["SCOP LE RABOT"],
        ["Effectif et rémunérations", *[None] * 4, f"Exercice {year}"],
        [],
        heading,
    ]
    there = [one for one in people if one.months(year)]
    for one in there:
        family, given = NAMES[one.number - 1]
        hours = 1607 * one.months(year) * one.tenths // 120
        rows.append(
            [
                *(f"{one.number:03}", family, given, one.hired, one.left, one.contract),
                *(f"{one.tenths * 10} %", one.pay(year), hours, "oui" if one.member else "non"),
                "à revoir" if one.number == 11 else None,
            ]
        )
    total = [sum(int(row[at]) for row in rows[4:]) for at in (7, 8)]
    rows.append(["TOTAL", *[None] * 6, *total])
    register: list[list[Any]] = [
        ["Registre des mouvements de parts sociales (valeur nominale 20 €)"],
        [],
    ]
    register.append(["Date", "Matricule", "Nom", "Opération", "Nb de parts", "Montant"])
    moves = [
        (day, one, what, number)
        for one in people
        for day, what, number in one.moves
        if day <= closing
    ]
    for day, one, what, number in sorted(moves, key=lambda move: (move[0], move[1].number)):
        register.append(
            [
                day,
                f"{one.number:03}",
                NAMES[one.number - 1][0],
                what,
                abs(number),
                SHARE * abs(number),
            ]
        )
    notes: list[list[Any]] = [["Voir Karim pour les heures de M. Kern"]]
    return xlsx({"Effectif": rows, "Registre des parts": register, "Notes": notes})


def accounts(people: list[Person], year: int) -> str:
    """The accounting export of a year; its account 1013 is what the register comes to at the closing."""
    rest = capital(people, date(year, 12, 31))
    before = capital(people, date(year - 1, 12, 31))
    legal, development = RESERVES[year]
    lines = [
        ("AN", 1, f"{year}0101", "512000", before + legal + development),
        ("AN", 1, f"{year}0101", "101300", -before),
        ("AN", 1, f"{year}0101", "106100", -legal),
        ("AN", 1, f"{year}0101", "106300", -development),
    ]
    if rest != before:
        lines += [
            ("BQ", 2, f"{year}0630", "512000", rest - before),
            ("BQ", 2, f"{year}0630", "101300", before - rest),
        ]
    for month in range(1, 13):
        day = f"{year}{month:02}28"
        lines += [
            ("VE", 10 + month, day, "411000", 100_000),
            ("VE", 10 + month, day, "704000", -100_000),
            ("OD", 30 + month, day, "641100", 62_000),
            ("OD", 30 + month, day, "421000", -62_000),
            ("AC", 50 + month, day, "601000", 30_000),
            ("AC", 50 + month, day, "401000", -30_000),
        ]
    lines += [
        ("VE", 99, f"{year}1231", "411000", 4_000),
        ("VE", 99, f"{year}1231", "704000", -4_000),
    ]
    rows = ["\t".join(HEADER)]
    for journal, number, day, account, amount in lines:
        debit, credit = (amount, 0) if amount > 0 else (0, -amount)
        rows.append(
            "\t".join(
                [
                    *(
                        journal,
                        journal,
                        str(number),
                        day,
                        account,
                        account,
                        "",
                        "",
                        f"P{number}",
                        day,
                    ),
                    *("", f"{debit},00", f"{credit},00", "", "", day, "", ""),
                ]
            )
        )
    return "\n".join(rows) + "\n"


def write(folder: Path) -> None:
    """Write both years, beside the statute of Le Rabot."""
    people = draw()
    folder.mkdir(parents=True, exist_ok=True)
    statute = REPOSITORY / "policies" / "le-rabot" / "statute.fr.coop"
    (folder / statute.name).write_text(statute.read_text("utf-8"), "utf-8")
    for year in (2024, 2025):
        own = folder / str(year)
        own.mkdir(exist_ok=True)
        (own / f"effectif {year}.xlsx").write_bytes(workbook(people, year))
        (own / f"123456789FEC{year}1231.txt").write_text(accounts(people, year), "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
