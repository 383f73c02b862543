"""Made-up tables of people, with rows beside them that are none, or without: what campaigns read.

All names and figures are drawn. A table is its heading, its rows (None where a blank one stands) and the
identifiers of its people.
"""

import random
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from attrs import define, frozen

WORDS = {
    "fr": ("Total", "Total général", "TOTAUX", "Ensemble", "Somme", "Sous-total {}", "Total {}"),
    "en": ("Total", "Grand Total", "TOTALS", "Sum", "Overall", "Subtotal {}", "{} Total"),
    "es": ("Total", "Total general", "TOTALES", "Suma", "Conjunto", "Subtotal {}", "Total {}"),
    "it": (
        "Totale",
        "Totale generale",
        "TOTALI",
        "Somma",
        "Complesso",
        "Subtotale {}",
        "Totale {}",
    ),
}
MEANS = {"fr": "Moyenne", "en": "Average", "es": "Promedio", "it": "Media"}
COUNTS = {
    "fr": "Nombre de salariés",
    "en": "Number of employees",
    "es": "Número de empleados",
    "it": "Numero di dipendenti",
}
NOTES = {
    "fr": ("Source : logiciel de paie, export du 05/01/2025", "* hors primes exceptionnelles"),
    "en": ("Source: payroll program, exported on 5 January 2025", "(1) without the yearly bonus"),
    "es": ("Fuente: programa de nóminas, exportado el 05/01/2025", "Nota: sin las pagas extra"),
    "it": ("Fonte: programma paghe, esportato il 05/01/2025", "N.B. esclusi i premi straordinari"),
}
LEGENDS = {
    "fr": "Légende : CDI = contrat à durée indéterminée",
    "en": "Legend: FT = full time, PT = part time",
    "es": "Leyenda: TC = tiempo completo",
    "it": "Legenda: TP = tempo pieno",
}
WORDLESS = ("", "", "—", "Σ", "***", "===")
TEAMS = ("Atelier", "Workshop", "Taller", "Officina", "Bureau", "Logistics")
FIRST = (
    "Ana",
    "Ben",
    "Cléo",
    "Dario",
    "Eva",
    "Félix",
    "Gina",
    "Hugo",
    "Inés",
    "Jules",
    "Katia",
    "Léo",
)
LAST = (
    "Martin",
    "Rossi",
    "García",
    "Dubois",
    "Bianchi",
    "López",
    "Moreau",
    "Ferrari",
    "Sommer",
    "Blanc",
)
NAMES_LIKE_TOTALS = (
    *(
        "Totino",
        "Sommer",
        "Mediano",
        "Toto Luca",
        "Summers",
        "Contini",
        "Media Rossi",
        "Somma Luca",
    ),
    *("Totti Francesco", "Marie Sommet", "Tot", "Page Larry", "Ana Nota"),
)


@define
class Drawn:
    """A table, and whose it is."""

    header: list[str]
    rows: list[list[str] | None]
    people: list[str]


@frozen
class _Shape:
    """How people are named in one table, and which columns it has."""

    name: Callable[[int], str]
    named: bool
    answers: bool
    day: bool
    hours: bool


def _shape(random_: random.Random) -> _Shape:
    style = random_.randrange(6)
    first = random_.randrange(1, 900)

    def named(number: int) -> str:
        one, two = FIRST[number % len(FIRST)], LAST[number // len(FIRST) % len(LAST)]
        again = number // (len(FIRST) * len(LAST))
        more = "abcdefgh"[again] if again else ""
        return (
            f"{first + number:04}",
            f"M{first + number}",
            (one + two + more).lower(),
            f"{one} {two}{more}",
            f"{two.upper()}{more} {one}",
            f"{one.lower()} {two.lower()}{more}",
        )[style]

    answers = random_.random() < 0.6
    return _Shape(
        named, style > 1, answers, answers and random_.random() < 0.4, random_.random() < 0.7
    )


def _header(shape: _Shape) -> list[str]:
    chosen = (("worker", shape.answers), ("joined", shape.day), ("hours", shape.hours))
    return ["id", *(name for name, there in chosen if there), "salary"]


def _person(shape: _Shape, name: str, salary: Decimal, hours: Decimal, day: int) -> list[str]:
    row = [name]
    if shape.answers:
        row.append("yes")
    if shape.day:
        row.append(f"20{day % 24:02}-0{1 + day % 9}-15")
    if shape.hours:
        row.append(str(hours))
    return [*row, str(salary)]


def _people(random_: random.Random, shape: _Shape, size: int) -> list[list[str]]:
    """People of equal pay, of a grid of pay, or of any."""
    way = random_.randrange(4)
    step = Decimal(random_.choice((50, 100, 137)))
    base = Decimal(random_.randrange(1200, 2600))
    rows = []
    for number in range(size):
        if way == 0:
            part = Decimal(1)
        elif way == 1:
            part = Decimal(random_.choice(("1", "1", "0.8", "0.5")))
        else:
            part = Decimal(1)
        salary = base * 12 * part
        if way == 2:
            salary += step * random_.randrange(12)
        elif way == 3:
            salary = Decimal(random_.randrange(400_000, 5_000_000)) / 100
        hours = 1607 * part if way < 3 else Decimal(random_.randrange(400, 3300)) / 2
        row = _person(shape, shape.name(number), salary.quantize(Decimal("0.01")), hours, number)
        rows.append(row)
    return rows


def without(seed: int) -> Drawn:
    """A table of people alone: some in blocks, some with names that sound like totals."""
    random_ = random.Random(seed)
    shape = _shape(random_)
    size = random_.choice((1, 2, 2, 3, 3, 4, 5, 8, 13, 30, 60, random_.randrange(1, 201)))
    rows: list[list[str] | None] = list(_people(random_, shape, size))
    if shape.named and random_.random() < 0.1:
        like = random_.choice(NAMES_LIKE_TOTALS)
        rows[random_.randrange(size)][0] = like  # type: ignore[index]
    people = [row[0] for row in rows if row is not None]
    if size > 7 and random_.random() < 0.2:
        for _ in range(random_.randrange(1, 3)):
            rows.insert(random_.randrange(1, len(rows)), None)
    return Drawn(_header(shape), rows, people)


def with_others(seed: int) -> Drawn:
    """A table of people with totals, subtotals, means, counts and remarks, in one of four languages or
    without a word."""
    random_ = random.Random(seed)
    shape = _shape(random_)
    size = random_.randrange(2, 60)
    header = _header(shape)
    people = _people(random_, shape, size)
    language = random_.choice((*WORDS, ""))
    rows: list[list[str] | None] = []
    blocks = random_.randrange(1, 4) if size > 7 and random_.random() < 0.5 else 1
    for block in range(blocks):
        own = people[block * size // blocks : (block + 1) * size // blocks]
        rows += own
        if blocks > 1:
            rows.append(_worked_out(random_, shape, header, own, "sum", language, TEAMS[block]))
            if random_.random() < 0.4:
                rows.append(None)
    below = random_.choice((("sum",), ("sum", "mean"), ("mean", "count"), ("sum", "count"), ()))
    if below and random_.random() < 0.3 and rows[-1] is not None:
        rows.append(None)
    rows += [_worked_out(random_, shape, header, people, how, language, "") for how in below]
    if random_.random() < 0.5 or not below:
        if random_.random() < 0.6:
            rows.append(None)
        notes = [*NOTES.get(language, ("* * *", "—")), LEGENDS.get(language, "…")]
        for note in random_.sample(notes, random_.randrange(1, 3)):
            rows.append([note, *[""] * (len(header) - 1)])
    return Drawn(header, rows, [row[0] for row in people])


def _worked_out(
    random_: random.Random,
    shape: _Shape,
    header: list[str],
    people: list[list[str]],
    how: str,
    language: str,
    team: str,
) -> list[str]:
    """A row of sums, means or counts."""
    if not language:
        label = random_.choice(WORDLESS)
    elif how == "mean":
        label = MEANS[language]
    elif how == "count":
        label = COUNTS[language]
    elif team:
        label = random_.choice(WORDS[language][5:]).format(team)
    else:
        label = random_.choice(WORDS[language][:5])
    row = [label]
    for at, name in enumerate(header[1:], 1):
        if name not in ("hours", "salary"):
            row.append("")
            continue
        figures = [Decimal(one[at]) for one in people]
        total = sum(figures, Decimal(0))
        mean = (total / len(figures)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        row.append(str({"sum": total, "mean": mean, "count": Decimal(len(figures))}[how]))
    return row
