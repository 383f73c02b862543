"""Workbooks of made-up cooperatives whose headings say little, each with what its keeper knows of it.

    python tests/synthetic/keepers.py FOLDER

writes each beside a statute. A keeper knows what every column holds, what her words and her empty cells
mean, and nothing of how a question will be put: ``Keeper.answer`` finds its answer in that alone. The true
facts stand beside, drawn before any of it is written down.
"""

import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bookkeepers import Book, write
from workbooks import xlsx

YEAR = 2024
SHARE = 20
KNOWN = ("worker", "member", "salary", "hours", "presence", "shares_held")


@dataclass
class Person:
    """Somebody who does not exist, and what is true of her in the year."""

    id: str
    name: str
    first: date
    last: date | None
    pay: int
    hours: int
    member: bool
    shares: int

    @property
    def months(self) -> int:
        """The months of the year in which she is there."""
        first = self.first.month if self.first.year == YEAR else 1
        return (self.last.month if self.last else 12) - first + 1

    def truth(self, figure: str) -> Any:
        """What a figure of her truly is."""
        return {
            "worker": True,
            "member": self.member,
            "salary": self.pay,
            "hours": self.hours,
            "presence": self.months,
            "shares_held": SHARE * self.shares,
        }[figure]


def draw(seed: int, count: int = 6) -> list[Person]:
    """People of a cooperative: months are whole, pay and hours divide by the months."""
    rng = random.Random(seed)
    firsts = rng.sample(("Ada", "Bo", "Cira", "Dan", "Eli", "Fay", "Gil", "Hana", "Ivo"), count)
    lasts = rng.sample(("Abad", "Bell", "Cruz", "Diaz", "Egger", "Font", "Gallo", "Haas"), count)
    people = []
    for number, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
        came = date(rng.randint(2012, 2022), rng.randint(1, 12), 1)
        gone = None
        if number == 1:
            came = date(YEAR, rng.choice((4, 5, 7)), 1)
        elif number == 2:
            gone = date(YEAR, rng.choice((6, 8, 9)) + 1, 1) - timedelta(days=1)
        one = Person(str(101 + number), f"{last} {first}", came, gone, 0, 0, number % 3 != 2, 0)
        one.pay, one.hours = (
            one.months * rng.randint(17, 31) * 100,
            one.months * rng.randint(60, 134),
        )
        one.shares = rng.randint(2, 40) if one.member else 0
        people.append(one)
    return people


@dataclass
class Page:
    """A sheet: its file as messages name it, and of each column what it truly holds.

    ``holds`` are figures, roles such as ``hired``, or nothing. ``words`` are those that mean yes, ``blank``
    the columns whose empty cells mean none, ``lines`` how many a heading has, ``sort`` what a line is.
    """

    file: str
    holds: dict[str, str]
    words: dict[str, bool] = field(default_factory=dict)
    blank: frozenset[str] = frozenset()
    lines: int = 1
    sort: str = "people"
    months: str = ""
    counts: str = "money"


@dataclass
class Keeper:
    """A book with all that whoever keeps it knows."""

    name: str
    language: str
    files: dict[str, bytes]
    pages: list[Page]
    people: list[Person]
    by_name: bool = False
    figures: tuple[str, ...] = KNOWN
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def book(self) -> Book:
        """The same as files beside a statute."""
        return Book(self.name, self.language, self.files, {})

    def truth(self) -> dict[str, dict[str, Any]]:
        """What is true of each person, by the identifier that the book has for her."""
        return {
            one.name if self.by_name else one.id: {key: one.truth(key) for key in self.figures}
            for one in self.people
        }

    def may(self, file: str, column: str) -> set[str]:
        """The figures that truly rest on a column."""
        page = next(one for one in self.pages if one.file == file)
        held = page.holds.get(column, "")
        if held == "name":
            return {"id"}
        if held in ("hired", "left"):
            return {"presence", "seniority"}
        if held in ("day", "moved", "taken", "kind"):
            return {"shares_held"}
        if held == "month":
            return {page.months}
        return {held} if held else set()

    def answer(self, page: Page, topic: str, choices: Sequence[str], text: str) -> Any:
        """What an honest keeper answers to a question about one of her sheets."""
        what, _, about = topic.partition(":")
        match what:
            case "heading":
                return page.lines > 1
            case "id" | "hired" | "left" | "day" | "moved" | "rate":
                return self._column(page, what, choices)
            case "counts":
                return page.counts
            case "minus":
                return self._column(page, "taken", choices)
            case "kinds":
                return self._column(page, "kind", choices)
            case "figure":
                return self._column(page, about, choices)
            case "sum":
                return page.sort == "slips"
            case "lines":
                return {"slips": "add", "moves": "moves"}[page.sort]
            case "movements":
                return page.sort == "moves"
            case "word":
                return page.words[about.rpartition(":")[2]]
            case "kind":
                return "more" if page.words[about] else "less"
            case "empty" if about in page.holds:
                return "nothing" if about in page.blank else "unknown"
            case "months":
                return page.months if page.months in choices else "none"
            case "holds":
                return "person" if page.sort != "notes" else "none"
            case "days":
                return "dmy"
            case "unit":
                return self.extra[about]
            case "all" | "alike":
                return True
            case "each":
                return SHARE
            case "absent" | "empty":
                return True
            case _:
                return self.extra[what]

    def _column(self, page: Page, held: str, choices: Sequence[str]) -> str:
        own = [name for name, what in page.holds.items() if what == held and name in choices]
        return own[0] if own else "none"


def keepers(seed: int = 27) -> list[Keeper]:
    """All of them."""
    makers: list[Callable[[random.Random, list[Person]], Keeper]] = [
        _groups,
        _units,
        _second_sheet,
        _days_in_words,
        _tabs,
        _numbered_months,
        _slips,
        _register,
        _unnamed,
        _export,
        _two_names,
    ]
    return [
        maker(random.Random(seed + at), draw(seed * 100 + at)) for at, maker in enumerate(makers)
    ]


def _text(rows: Sequence[Sequence[Any]], sign: str = ";") -> bytes:
    return "".join(
        sign.join("" if cell is None else str(cell) for cell in row) + "\n" for row in rows
    ).encode()


def _comma(number: float) -> str:
    return f"{number:.2f}".replace(".", ",")


def _groups(rng: random.Random, people: list[Person]) -> Keeper:
    """A first line of merged groups, and names that only together with it say what they are."""
    pay, time = rng.choice(("Total", "Montant")), rng.choice(("Total", "Nombre"))
    rows: list[list[Any]] = [
        ["Personnel de l'année"],
        ["N°", "Salarié", None, "Dates", None, "Brut", None, "Heures", None, "Coop"],
        [None, "Nom", "Tél.", "Entrée", "Sortie", pay, "Primes", time, "Abs.", "Part."],
    ]
    rows += [
        [p.id, p.name, "060", p.first, p.last, p.pay, 0, p.hours, 3, "x" if p.member else None]
        for p in people
    ]

    def merge(_: Any, sheets: dict[str, Any]) -> None:
        for first, last, text in (
            (1, 2, "Salarié"),
            (3, 4, "Dates"),
            (5, 6, "Brut"),
            (7, 8, "Heures"),
        ):
            sheets["Feuil1"].merge_range(1, first, 1, last, text)
        sheets["Feuil1"].merge_range(1, 0, 2, 0, "N°")

    holds = {
        "N°": "id",
        "Salarié Nom": "",
        "Salarié Tél.": "",
        "Dates Entrée": "hired",
        "Dates Sortie": "left",
        f"Brut {pay}": "salary",
        "Brut Primes": "",
        f"Heures {time}": "hours",
        "Heures Abs.": "",
        "Coop Part.": "member",
    }
    page = Page("personnel 2024.xlsx [Feuil1]", holds, blank=frozenset({"Coop Part."}), lines=2)
    files = {"personnel 2024.xlsx": xlsx({"Feuil1": rows}, merge)}
    return Keeper("groups", "fr", files, [page], people, figures=KNOWN[:5])


def _units(rng: random.Random, people: list[Person]) -> Keeper:
    """A second line of units, thousands and shares among them, in a file with a total."""
    net = rng.choice(("Net", "Net à payer"))
    rows: list[list[Any]] = [
        ["Matricule", "Brut", net, "Durée", "Présent", "Sociétaire ?", "Parts"],
        ["", "k€", "€", "h", "mois", "O/N", "nb"],
    ]
    for p in people:
        pay = [_comma(p.pay / 1000), _comma(p.pay * 0.75)]
        rows.append([p.id, *pay, p.hours, p.months, "O" if p.member else "N", p.shares])
    rows.append(
        ["TOTAL", _comma(sum(p.pay for p in people) / 1000), "", sum(p.hours for p in people)]
    )
    holds = {
        "Matricule": "id",
        "Brut (k€)": "salary",
        f"{net} (€)": "",
        "Durée (h)": "hours",
        "Présent (mois)": "presence",
        "Sociétaire ? (O/N)": "member",
        "Parts (nb)": "shares_held",
    }
    page = Page("base de paie.csv", holds, lines=2)
    files = {"base de paie.csv": _text(rows)}
    counts = {"Brut (k€)": 1000, "Parts (nb)": SHARE}
    return Keeper("units", "fr", files, [page], people, extra=counts)


def _second_sheet(rng: random.Random, people: list[Person]) -> Keeper:
    """Amounts on a second sheet for the same people, whose names say nothing; none has no line there."""
    pay, time = rng.sample(("Concepto A", "Concepto B", "Base"), 2)
    staff: list[list[Any]] = [["Matrícula", "Nombre", "Fecha de alta", "Fecha de baja", "Vínculo"]]
    staff += [
        [p.id, p.name, p.first, p.last, "Socio" if p.member else "Asalariado"] for p in people
    ]
    more: list[list[Any]] = [["Quién", pay, time, "Aportado"]]
    more += [[p.id, p.pay, p.hours, SHARE * p.shares or None] for p in reversed(people)]
    pages = [
        Page(
            "plantilla 2024.xlsx [Plantilla]",
            {
                "Matrícula": "id",
                "Nombre": "",
                "Fecha de alta": "hired",
                "Fecha de baja": "left",
                "Vínculo": "member",
            },
            {"socio": True, "asalariado": False},
        ),
        Page(
            "plantilla 2024.xlsx [Hoja2]",
            {"Quién": "id", pay: "salary", time: "hours", "Aportado": "shares_held"},
            blank=frozenset({"Aportado"}),
        ),
    ]
    files = {"plantilla 2024.xlsx": xlsx({"Plantilla": staff, "Hoja2": more})}
    return Keeper("second-sheet", "es", files, pages, people)


_MESI = ("gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic")


def _days_in_words(rng: random.Random, people: list[Person]) -> Keeper:
    """Days kept as text, with the month in words, and a cross for a member."""
    came, gone = rng.choice((("In forza da", "Fino a"), ("Dal", "Al")))

    def day(one: date | None) -> str:
        return "" if one is None else f"{one.day} {_MESI[one.month - 1]} {one.year}"

    rows: list[list[Any]] = [
        ["Matricola", "Cognome e nome", came, gone, "RAL", "Ore", "Base sociale"]
    ]
    rows += [
        [p.id, p.name, day(p.first), day(p.last), p.pay, p.hours, "X" if p.member else ""]
        for p in people
    ]
    holds = {
        "Matricola": "id",
        "Cognome e nome": "",
        came: "hired",
        gone: "left",
        "RAL": "salary",
        "Ore": "hours",
        "Base sociale": "member",
    }
    page = Page("elenco 2024.csv", holds, blank=frozenset({"Base sociale"}))
    return Keeper(
        "days-in-words", "it", {"elenco 2024.csv": _text(rows)}, [page], people, figures=KNOWN[:5]
    )


def _tabs(rng: random.Random, people: list[Person]) -> Keeper:
    """A text parted by tabs, with days that could be either way round."""
    pay = rng.choice(("Earned", "Total for year"))
    rows: list[list[Any]] = [["Staff no", "From", "To", pay, "Time", "In the co-op"]]
    rows += [
        [
            p.id,
            f"{p.first:%d/%m/%Y}",
            "",
            p.pay,
            p.hours,
            "yes" if p.member else "no",
        ]
        for p in people
        if p.last is None
    ]
    holds = {
        "Staff no": "id",
        "From": "hired",
        "To": "left",
        pay: "salary",
        "Time": "hours",
        "In the co-op": "member",
    }
    here = [one for one in people if one.last is None]
    page = Page("export 2024.txt", holds)
    return Keeper(
        "tabs", "en", {"export 2024.txt": _text(rows, "\t")}, [page], here, figures=KNOWN[:5]
    )


def _numbered_months(rng: random.Random, people: list[Person]) -> Keeper:
    """A column for each month by its number, and surname and first name as identifier."""
    months = [f"{number:02}/2024" for number in range(1, 13)]
    time = rng.choice(("Durée totale", "Tps"))
    rows: list[list[Any]] = [["Paie 2024"], ["Nom Prénom", *months, time, "Mois", "Soc."]]
    for p in people:
        first = p.first.month if p.first.year == YEAR else 1
        paid = [
            p.pay // p.months if first <= at < first + p.months else None for at in range(1, 13)
        ]
        rows.append([p.name, *paid, p.hours, p.months, "oui" if p.member else "non"])
    holds = {
        "Nom Prénom": "id",
        **dict.fromkeys(months, "month"),
        time: "hours",
        "Mois": "presence",
        "Soc.": "member",
    }
    page = Page("paie 2024.csv", holds, months="salary")
    return Keeper(
        "numbered-months",
        "fr",
        {"paie 2024.csv": _text(rows)},
        [page],
        people,
        by_name=True,
        figures=KNOWN[:5],
    )


def _slips(rng: random.Random, people: list[Person]) -> Keeper:
    """Payslips whose columns are called by letters of a program."""
    pay, time = rng.sample(("Imp. 01", "Uds. 02", "Col. 3"), 2)
    slips: list[list[Any]] = [["Nº empleado", "Mes", pay, time]]
    for p in people:
        slips += [
            [p.id, f"{at:02}/2024", p.pay // p.months, p.hours // p.months]
            for at in range(1, p.months + 1)
        ]
    staff: list[list[Any]] = [["Nº empleado", "Fecha alta", "Fecha baja", "Es socio"]]
    staff += [[p.id, p.first, p.last, "Sí" if p.member else "No"] for p in people]
    pages = [
        Page(
            "trabajadores.csv",
            {
                "Nº empleado": "id",
                "Fecha alta": "hired",
                "Fecha baja": "left",
                "Es socio": "member",
            },
        ),
        Page(
            "recibos 2024.csv",
            {"Nº empleado": "id", "Mes": "", pay: "salary", time: "hours"},
            sort="slips",
        ),
    ]
    files = {"trabajadores.csv": _text(staff), "recibos 2024.csv": _text(slips)}
    return Keeper("slips", "es", files, pages, people, figures=KNOWN[:5])


def _register(rng: random.Random, people: list[Person]) -> Keeper:
    """A register of shares under names of its own, in which some are given back."""
    what = rng.choice(("Cosa", "Perché"))
    day, count = rng.choice((("Il", "Quante"), ("Quando", "Pezzi")))
    rows: list[list[Any]] = [["Chi", day, what, count]]
    for p in people:
        if p.shares:
            rows.append([p.id, "2021-03-15", "Entra", p.shares + 3])
            rows.append([p.id, f"{YEAR}-02-20", "Restituite", 3])
    rows.append([people[0].id, f"{YEAR + 1}-01-10", "Entra", 50])
    staff: list[list[Any]] = [
        [
            "Matricola",
            "Data di assunzione",
            "Data di cessazione",
            "Lordo annuo",
            "Ore lavorate",
            "Socio",
        ]
    ]
    staff += [[p.id, p.first, p.last, p.pay, p.hours, "S" if p.member else "N"] for p in people]
    pages = [
        Page(
            "dipendenti.csv",
            {
                "Matricola": "id",
                "Data di assunzione": "hired",
                "Data di cessazione": "left",
                "Lordo annuo": "salary",
                "Ore lavorate": "hours",
                "Socio": "member",
            },
        ),
        Page(
            "quote.csv",
            {"Chi": "id", day: "day", what: "kind", count: "moved"},
            {"entra": True, "restituite": False},
            sort="moves",
            counts="shares",
        ),
    ]
    files = {"dipendenti.csv": _text(staff), "quote.csv": _text(rows)}
    return Keeper("register", "it", files, pages, people)


def _unnamed(rng: random.Random, people: list[Person]) -> Keeper:
    """A sheet whose columns are called nothing that is known, and one of notes with figures in it."""
    names = rng.sample(("Col A", "Col B", "Col C", "Col D", "Col E", "Col F"), 6)
    who, came, gone, pay, time, coop = names
    rows: list[list[Any]] = [names]
    rows += [
        [p.id, p.first, p.last, p.pay, p.hours, "Partner" if p.member else "Employee"]
        for p in people
    ]
    notes: list[list[Any]] = [["Rent of", "Paid"], ["Hall", 300], ["Van", 450]]
    holds = {who: "id", came: "hired", gone: "left", pay: "salary", time: "hours", coop: "member"}
    pages = [
        Page("book 2024.xlsx [A]", holds, {"partner": True, "employee": False}),
        Page("book 2024.xlsx [B]", {"Rent of": "", "Paid": ""}, sort="notes"),
    ]
    files = {"book 2024.xlsx": xlsx({"A": rows, "B": notes})}
    return Keeper("unnamed", "en", files, pages, people, figures=KNOWN[:5])


def _export(rng: random.Random, people: list[Person]) -> Keeper:
    """An accounting export beside a list of the staff, parted by tabs under the name of a CSV."""
    closing = f"{YEAR}1231"
    entries = [("701", 30000, 0), ("601", 0, 20000), ("512", 0, 10000)]
    head = (
        "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|"
        "PieceRef|PieceDate|EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise"
    )
    lines = [head] + [
        f"OD|Divers|1|{closing}|{account}|-|||P1|{closing}|Ventes|{_comma(debit)}|{_comma(credit)}|||{closing}||"
        for account, credit, debit in entries
    ]
    pay = rng.choice(("Rému", "Gain"))
    rows: list[list[Any]] = [
        ["Code salarié", "Arrivée le", "Départ le", pay, "Heures payées", "Voix"]
    ]
    rows += [
        [
            p.id,
            f"{p.first:%d/%m/%Y}",
            f"{p.last:%d/%m/%Y}" if p.last else "",
            p.pay,
            p.hours,
            +p.member,
        ]
        for p in people
    ]
    holds = {
        "Code salarié": "id",
        "Arrivée le": "hired",
        "Départ le": "left",
        pay: "salary",
        "Heures payées": "hours",
        "Voix": "member",
    }
    files = {
        "cooperative.toml": b"",
        f"123456789FEC{closing}.txt": "\n".join(lines).encode() + b"\n",
        "équipe 2024.csv": _text(rows, "\t"),
    }
    page = Page("équipe 2024.csv", holds)
    return Keeper("export", "fr", files, [page], people, figures=KNOWN[:5])


def _two_names(rng: random.Random, people: list[Person]) -> Keeper:
    """Surname and first name in two columns, two of one surname, and a register that has both in one."""
    people[3].name = f"{people[0].name.split()[0]} {people[3].name.split()[1]}"
    rows: list[list[Any]] = [
        ["Matricule", "Nom", "Prénom", "Date d'entrée", "Date de sortie", "Brut annuel", "Heures"]
    ]
    rows += [[p.id, *p.name.split(), p.first, p.last, p.pay, p.hours] for p in people]
    got, back = rng.choice((("Versé", "Rendu"), ("Reçu", "Remboursé")))
    shares: list[list[Any]] = [["Associé", "Le", got, back]]
    for p in people:
        name = f"{p.name.split()[0].upper()}, {p.name.split()[1]}"
        shares += [
            [name, "2020-05-04", SHARE * (p.shares + 2), 0],
            [name, "2021-05-04", 0, SHARE * 2],
        ]
    pages = [
        Page(
            "salaires 2024.csv",
            {
                "Matricule": "",
                "Nom": "name",
                "Prénom": "name",
                "Nom + Prénom": "id",
                "Date d'entrée": "hired",
                "Date de sortie": "left",
                "Brut annuel": "salary",
                "Heures": "hours",
            },
        ),
        Page(
            "parts.csv",
            {"Associé": "id", "Le": "day", got: "moved", back: "taken"},
            sort="moves",
        ),
    ]
    files = {"salaires 2024.csv": _text(rows), "parts.csv": _text(shares)}
    figures = ("worker", "salary", "hours", "presence", "shares_held")
    return Keeper("two-names", "fr", files, pages, people, by_name=True, figures=figures)


if __name__ == "__main__":
    for one in keepers():
        write(one.book, Path(sys.argv[1]) / one.name)
