"""A year's fichier des écritures comptables (FEC) of a made-up Scop, in any number of lines.

    python tests/synthetic/fec.py [--lines N] [--seed S] NAME FOLDER

NAME is le-rabot or alma. Customers, suppliers and amounts are drawn; what the year comes to is that of
the policy's cooperative.toml, to the cent: result, turnover, capital, reserves, and the work share where
it is a cost. Entries are written as they are drawn, so that a file of any length takes no memory.
"""

from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TextIO

HEADER = (
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib"),
    *("CompAuxNum", "CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit"),
    *("EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise"),
)
JOURNALS = {
    "AN": "A nouveaux",
    "VE": "Ventes",
    "AC": "Achats",
    "BQ": "Banque",
    "PA": "Paie",
    "OD": "Opérations diverses",
}
LABELS = {
    "101300": "Capital souscrit, appelé, versé",
    "106100": "Réserve légale",
    "106300": "Fonds de développement",
    "110000": "Report à nouveau",
    "119000": "Report à nouveau débiteur",
    "120000": "Résultat de l'exercice",
    "218300": "Matériel",
    "401000": "Fournisseurs",
    "411000": "Clients",
    "421000": "Personnel, rémunérations dues",
    "428400": "Dettes provisionnées pour participation",
    "428600": "Part travail à payer",
    "431000": "Sécurité sociale",
    "437000": "Autres organismes sociaux",
    "444000": "État, impôt sur les bénéfices",
    "445660": "TVA déductible",
    "445710": "TVA collectée",
    "456300": "Associés, versements reçus",
    "457000": "Associés, intérêts à payer",
    "512000": "Banque",
    "601000": "Achats de matières",
    "606100": "Énergie et eau",
    "613200": "Locations",
    "622600": "Honoraires",
    "641100": "Salaires",
    "645000": "Charges sociales",
    "691000": "Participation des salariés",
    "695000": "Impôt sur les bénéfices",
    "706000": "Prestations",
}
COSTS = ("601000", "606100", "613200", "622600")
GOODS = ("chêne", "frêne", "colle", "vernis", "ferrures", "contreplaqué", "énergie", "étude")


@dataclass(frozen=True, slots=True)
class Books:
    """What a year's accounts come to, in cents. ``voted`` is what the last meeting did with its result."""

    siren: str
    year: int
    result: int
    turnover: int
    pay: int
    capital: int
    opening: Mapping[str, int]
    voted: Mapping[str, int]
    shared: int = 0
    tax: int = 0


# Le Rabot's year 2024: the meeting of 2024 has shared out the 61,204.37 of 2023.
LE_RABOT = Books(
    siren="000000014",
    year=2024,
    result=88_930_61,
    turnover=1_640_000_00,
    pay=668_068_00,
    capital=58_080_00,
    opening={"106100": 43_110_00, "106300": 58_902_11},
    voted={"106100": 9_180_66, "106300": 21_421_52, "428600": 27_541_97, "457000": 3_060_22},
)
# Alma's year 2024: the work share is a cost already, under the agreement on profit sharing.
ALMA = Books(
    siren="000000180",
    year=2024,
    result=5_254_840_46,
    turnover=33_200_000_00,
    pay=10_611_000_00,
    capital=4_624_600_00,
    opening={"106100": 3_976_300_00, "106300": 9_208_415_37},
    voted={"106100": 300_000_00, "106300": 1_000_000_00, "457000": 400_000_00},
    shared=2_252_074_49,
    tax=120_000_00,
)
BOOKS = {"le-rabot": LE_RABOT, "alma": ALMA}

Posting = tuple[str, int]
"""An account, and cents: a debit is positive."""


@dataclass(slots=True)
class Writer:
    """Writes entries as lines. ``style`` says how a file differs from what the law asks.

    Its keys are ``separator``, ``end`` (of a line), ``decimal``, ``date`` (a form of strftime), ``header``
    (names in the place of the lawful ones), ``signed`` (Montant and Sens), ``pipe`` (a ``|`` in labels).
    """

    file: TextIO
    style: Mapping[str, object] = field(default_factory=dict)
    lines: int = 0
    number: int = 0

    def header(self) -> None:
        renamed = self.style.get("header", {})
        assert isinstance(renamed, Mapping)
        names = [renamed.get(name, name) for name in HEADER]
        if self.style.get("signed"):
            names[11:13] = ["Montant", "Sens"]
        self._write(names)

    def entry(
        self, journal: str, day: date, label: str, postings: list[Posting], third: str = ""
    ) -> None:
        """One entry; ``third`` is the customer or the supplier."""
        assert sum(cents for _, cents in postings) == 0
        self.number += 1
        when = day.strftime(str(self.style.get("date", "%Y%m%d")))
        for account, cents in postings:
            other = third if account[:2] in ("40", "41") else ""
            self._write(
                [
                    *(journal, JOURNALS[journal], f"{self.number}", when, account, LABELS[account]),
                    *(f"{account[:3]}{other}" if other else "", f"Tiers {other}" if other else ""),
                    *(f"P{self.number}", when, label, *self._sides(cents)),
                    *("", "", when, "", ""),
                ]
            )
            self.lines += 1

    def _sides(self, cents: int) -> tuple[str, str]:
        amount = self._decimal(abs(cents))
        if self.style.get("signed"):
            return amount, "D" if cents >= 0 else "C"
        zero = self._decimal(0)
        return (amount, zero) if cents >= 0 else (zero, amount)

    def _decimal(self, cents: int) -> str:
        return f"{cents // 100}{self.style.get('decimal', ',')}{cents % 100:02}"

    def _write(self, cells: list[str]) -> None:
        self.file.write(str(self.style.get("separator", "\t")).join(cells))
        self.file.write(str(self.style.get("end", "\r\n")))


def parts(random: Random, total: int, count: int) -> Iterator[int]:
    """So many amounts, each above zero, that add up to a total; one at a time."""
    each, before = total // count, 0
    for _ in range(count - 1):
        after = random.randrange(max(1, each // 2))
        yield each + after - before
        before = after
    yield total - each * (count - 1) - before


def write(file: TextIO, books: Books, lines: int, seed: int, **style: object) -> None:
    """Writes a year's entries, exactly so many lines below the header."""
    random = Random(seed)
    out = Writer(file, style)
    out.header()
    first = date(books.year, 1, 1)
    days = (date(books.year, 12, 31) - first).days + 1
    last_result = sum(books.voted.values())
    opening = {"101300": books.capital - 40_00, **books.opening, "120000": last_result}
    money = sum(opening.values())
    start = [("218300", money // 3), ("512000", money - money // 3)]
    out.entry("AN", first, "À nouveaux", [*start, *((one, -c) for one, c in opening.items())])
    social = books.pay * 38 // 100
    costs = books.turnover - books.result - books.shared - books.pay - social - books.tax
    # A round of business is 10 lines, a month's pay 5, what else there is below 30.
    rounds = (lines - out.lines - 12 * 5 - 40) // 10
    sales, purchases = parts(random, books.turnover, rounds), parts(random, costs, rounds)
    pays, levies = parts(random, books.pay, 12), parts(random, social, 12)
    month, voted = 1, False
    for number in range(rounds):
        day = first + timedelta(days=number * days // rounds)
        while month < day.month:
            month = _month_of_pay(out, first, month, next(pays), next(levies))
        if day.month >= 6 and not voted:
            voted = True
            _meeting(out, day, books, last_result)
        sale, purchase = next(sales), next(purchases)
        pipe = " | suite" if style.get("pipe") and number % 7 == 0 else ""
        good = random.choice(GOODS) + pipe
        customer, supplier = f"C{random.randrange(400):04}", f"F{random.randrange(90):04}"
        vat, cost_vat = sale // 5, purchase // 5
        bill = [("411000", sale + vat), ("706000", -sale), ("445710", -vat)]
        out.entry("VE", day, f"Facture {good}", bill, customer)
        paid = [("512000", sale + vat), ("411000", -sale - vat)]
        out.entry("BQ", day, "Règlement client", paid, customer)
        cost = random.choice(COSTS)
        bill = [(cost, purchase), ("445660", cost_vat), ("401000", -purchase - cost_vat)]
        out.entry("AC", day, f"Achat {good}", bill, supplier)
        paid = [("401000", purchase + cost_vat), ("512000", -purchase - cost_vat)]
        out.entry("BQ", day, "Règlement fournisseur", paid, supplier)
    while month <= 12:
        month = _month_of_pay(out, first, month, next(pays), next(levies))
    end = date(books.year, 12, 31)
    if books.tax:
        out.entry("OD", end, "Impôt", [("695000", books.tax), ("444000", -books.tax)])
    if books.shared:
        shared = [("691000", books.shared), ("428400", -books.shared)]
        out.entry("OD", end, "Part travail", shared)
    left = lines - out.lines
    if left % 2:
        out.entry("BQ", end, "Virement", [("512000", 2), ("421000", -1), ("431000", -1)])
        left -= 3
    for _ in range(left // 2):
        out.entry("BQ", end, "Virement", [("512000", 1), ("421000", -1)])


def _month_of_pay(out: Writer, first: date, month: int, pay: int, levies: int) -> int:
    day = date(first.year, month, 28)
    net = pay * 78 // 100
    out.entry(
        "PA",
        day,
        f"Paie de {month:02}",
        [
            *(("641100", pay), ("645000", levies), ("421000", -net)),
            *(("431000", -(pay - net)), ("437000", -levies)),
        ],
    )
    return month + 1


def _meeting(out: Writer, day: date, books: Books, result: int) -> None:
    """What the meeting of the year has done with the result of the year before; a share is taken up."""
    voted = [(account, -cents) for account, cents in books.voted.items()]
    out.entry("OD", day, "Affectation du résultat", [("120000", result), *voted])
    out.entry("OD", day, "Souscription", [("512000", 40_00), ("101300", -40_00)])


def main() -> None:
    """Writes a FEC under its lawful name."""
    parser = ArgumentParser(prog="python tests/synthetic/fec.py")
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("name", choices=sorted(BOOKS))
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    books = BOOKS[asked.name]
    path = asked.folder / f"{books.siren}FEC{books.year}1231.txt"
    with path.open("w", encoding="iso8859-15", newline="") as file:
        write(file, books, asked.lines, asked.seed)


if __name__ == "__main__":
    main()
