"""Ten made-up workbooks of one year, as ten bookkeepers would keep them, in four languages.

    python tests/synthetic/bookkeepers.py FOLDER

writes each beside a statute, in a folder of its own. Beside the files, a book says what is true of them:
which column may be which figure, how its keeper would answer, and what each person's figures are.
"""

import sys
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from workbooks import xlsx

STATUTES = {
    "en": (
        'statute "Ten"\ncurrency EUR\nin force from 2020-01-01\n\narticle 1 "Surplus"\n  allocate surplus\n'
        "    50% to work_share\n    rest to reserves.development\n    losses to losses_brought_forward\n\n"
        'article 2 "Work"\n  share work_share among workers where presence >= 3 months\n'
        "    50% by hours\n    50% by salary\n\n"
        'article 3 "Members"\n  require seats: count over members >= 1\n'
        "  require held: sum of shares_held over members >= 0 EUR\n"
    ),
    "fr": (
        "statuts « Dix »\ndevise EUR\nen vigueur depuis 2020-01-01\n\narticle 1 « Excédent »\n"
        "  répartir excédent\n    50 % à la part_travail\n    le reste à réserves.développement\n"
        "    pertes au report_à_nouveau_débiteur\n\narticle 2 « Travail »\n"
        "  partager part_travail entre les salariés dont présence >= 3 mois\n"
        "    50 % selon heures\n    50 % selon salaire\n\narticle 3 « Associés »\n"
        "  exiger places : nombre d'associés >= 1\n"
        "  exiger détenues : somme des parts_détenues parmi les associés >= 0 EUR\n"
    ),
}
PEOPLE = (
    ("Abad Ana", date(2015, 3, 1), None, 10, 24000, True, 40),
    ("Bell Bo", date(2020, 6, 1), None, 5, 10800, True, 10),
    ("Cruz Cira", date(2024, 7, 1), None, 10, 12600, False, 0),
    ("Diaz Dan", date(2018, 1, 1), date(2024, 3, 31), 10, 6000, False, 0),
)
"""Name, first and last day, tenths of full time, gross pay of the year, member or not, shares of 20 EUR."""
MONTHS = (12, 12, 6, 3)
HOURS = (1608, 804, 804, 402)


@dataclass(slots=True)
class Book:
    """A year as one bookkeeper keeps it.

    ``means`` are the figures that a column may be for certain; of any other none. ``answers`` are by the
    end of a question's key. ``figures`` are those of each person by then.
    """

    name: str
    language: str
    files: dict[str, bytes]
    means: dict[str, set[str]]
    answers: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, list[Any]] = field(default_factory=dict)
    ids: tuple[str, ...] = ("1", "2", "3", "4")


PRESENCE = {"presence", "seniority"}
MEMBERS = [one[5] for one in PEOPLE]
PAY = [one[4] for one in PEOPLE]
SHARES = [20 * one[6] for one in PEOPLE]
ALL: dict[str, list[Any]] = {
    "worker": [True] * 4,
    "member": MEMBERS,
    "salary": PAY,
    "hours": list(HOURS),
    "presence": list(MONTHS),
}


def books() -> list[Book]:
    """All ten."""
    names = tuple(one[0] for one in PEOPLE)
    everyone = list(zip(range(1, 5), PEOPLE, HOURS, MONTHS, strict=True))
    yes = {"fr": ("O", "N"), "es": ("Sí", "No"), "it": ("S", "N"), "en": ("yes", "no")}

    def answer(language: str, value: bool) -> str:
        return yes[language][not value]

    found = []
    rows: list[list[Any]] = [
        ["Personnel 2024"],
        [],
        [
            "Nom Prénom",
            "Entrée",
            "Sortie",
            "Contrat",
            "Brut annuel",
            "Heures travaillées",
            "Associé",
        ],
    ]
    rows += [[p[0], p[1], p[2], "CDI", p[4], h, answer("fr", p[5])] for _, p, h, _ in everyone]
    rows.append(["Total", None, None, None, sum(PAY), sum(HOURS)])
    found.append(
        Book(
            "name-as-identifier",
            "fr",
            {"Personnel 2024.xlsx": xlsx({"Feuil1": rows})},
            {
                "Entrée": PRESENCE,
                "Sortie": PRESENCE,
                "Contrat": {"worker"},
                "Brut annuel": {"salary"},
                "Heures travaillées": {"hours"},
                "Associé": {"member"},
            },
            {":id": "Nom Prénom"},
            ALL,
            names,
        )
    )
    staff: list[list[Any]] = [
        [
            "Matricule",
            "Nom",
            "Date d'embauche",
            "Date de sortie",
            "Type de contrat",
            "Salaire brut annuel",
            "Nb heures",
            "Sociétaire",
        ]
    ]
    staff += [
        [str(n), p[0], p[1], p[2], "Stage" if n == 4 else "CDI", p[4], h, answer("fr", p[5])]
        for n, p, h, _ in everyone
    ]
    held: list[list[Any]] = [["Date", "Matricule", "Nature", "Nombre de parts"]]
    held += [
        [date(2021, 1, 1), str(n), "Souscription", p[6] + 2] for n, p, _, _ in everyone if p[6]
    ]
    held += [[date(2023, 1, 1), str(n), "Remboursement", 2] for n, p, _, _ in everyone if p[6]]
    found.append(
        Book(
            "two-sheets",
            "fr",
            {"Social 2024.xlsx": xlsx({"Salariés": staff, "Parts": held})},
            {
                "Matricule": {"id"},
                "Date d'embauche": PRESENCE,
                "Date de sortie": PRESENCE,
                "Type de contrat": {"worker"},
                "Salaire brut annuel": {"salary"},
                "Nb heures": {"hours"},
                "Sociétaire": {"member"},
                "Date": {"shares_held"},
                "Nature": {"shares_held"},
                "Nombre de parts": {"shares_held"},
            },
            {":word:Type de contrat:stage": False, ":each": 20, ":absent": True},
            ALL | {"worker": [True, True, True, False], "shares_held": SHARES},
        )
    )
    merged: list[list[Any]] = [
        ["Identité", None, None, "Rémunération", None, "Divers"],
        ["N°", "Nom", "Arrivée", "Cumul brut", "Heures payées", "Est associé"],
    ]
    merged += [[str(n), p[0], p[1], p[4], h, answer("fr", p[5])] for n, p, h, _ in everyone]

    def merge(_: Any, sheets: dict[str, Any]) -> None:
        sheets["Base"].merge_range(0, 0, 0, 2, "Identité")
        sheets["Base"].merge_range(0, 3, 0, 4, "Rémunération")

    found.append(
        Book(
            "merged-headings",
            "fr",
            {"base.xlsx": xlsx({"Base": merged}, merge)},
            {
                "N°": {"id"},
                "Arrivée": PRESENCE,
                "Cumul brut": {"salary"},
                "Heures payées": {"hours"},
                "Est associé": {"member"},
            },
            {":all:worker": True},
            ALL | {"presence": [12, 12, 6, 12]},
        )
    )
    units: list[list[Any]] = [
        [
            "Matricule",
            "Salaire brut annuel (k€)",
            "Salaire brut annuel 2023",
            "Heures (h)",
            "Ancienneté (années)",
            "Associé (O/N)",
            "Mois de présence",
        ]
    ]
    units += [
        [str(n), p[4] / 1000, p[4] - 100, h, 4, answer("fr", p[5]), m] for n, p, h, m in everyone
    ]
    found.append(
        Book(
            "units-in-headings",
            "fr",
            {"données 2024.xlsx": xlsx({"Données": units})},
            {
                "Matricule": {"id"},
                "Heures (h)": {"hours"},
                "Associé (O/N)": {"member"},
                "Mois de présence": {"presence"},
            },
            {":figure:salary": "none", ":figure:shares_held": "none", ":all:worker": True},
            {key: one for key, one in ALL.items() if key != "salary"},
        )
    )
    short = (
        "Janv.",
        "Févr.",
        "Mars",
        "Avril",
        "Mai",
        "Juin",
        "Juil.",
        "Août",
        "Sept.",
        "Oct.",
        "Nov.",
        "Déc.",
    )
    wide: list[list[Any]] = [
        ["Matricule", "Nom", "Présence", *short, "Heures de l'année", "Associé"]
    ]
    for n, p, h, m in everyone:
        first = 7 if p[1] > date(2024, 1, 1) else 1
        month = [p[4] / m if first <= at < first + m else None for at in range(1, 13)]
        wide.append([str(n), p[0], m, *month, h, answer("fr", p[5])])
    found.append(
        Book(
            "a-column-a-month",
            "fr",
            {"paie 2024.xlsx": xlsx({"Paie": wide})},
            {
                "Matricule": {"id"},
                "Présence": {"presence"},
                "Heures de l'année": {"hours"},
                "Associé": {"member"},
            },
            {":months:": "salary", ":empty:": True, ":all:worker": True},
            ALL,
        )
    )
    plantilla: list[list[Any]] = [
        ["Cooperativa Diez"],
        [
            "Código empleado",
            "Nombre y apellidos",
            "Fecha de alta",
            "Fecha de baja",
            "Modalidad",
            "Jornada (%)",
            "Salario bruto anual",
            "Horas trabajadas",
            "Socio/a",
        ],
    ]
    plantilla += [
        [
            str(n),
            p[0],
            p[1],
            p[2],
            "Indefinido" if n < 4 else "Eventual",
            p[3] * 10,
            p[4],
            h,
            answer("es", p[5]),
        ]
        for n, p, h, _ in everyone
    ]
    found.append(
        Book(
            "plantilla",
            "es",
            {"plantilla 2024.xlsx": xlsx({"Plantilla": plantilla})},
            {
                "Código empleado": {"id"},
                "Fecha de alta": PRESENCE,
                "Fecha de baja": PRESENCE,
                "Modalidad": {"worker"},
                "Salario bruto anual": {"salary"},
                "Horas trabajadas": {"hours"},
                "Socio/a": {"member"},
            },
            {},
            ALL,
        )
    )
    slips: list[list[Any]] = [["Nº empleado", "Mes", "Devengado bruto", "Horas"]]
    for n, p, h, m in everyone:
        slips += [[str(n), f"{at:02}/2024", p[4] / m, h / m] for at in range(1, m + 1)]
    people: list[list[Any]] = [
        ["Nº empleado", "Fecha alta", "Fecha baja", "Tipo de contrato", "Es socio"]
    ]
    people += [[str(n), p[1], p[2], "Temporal", answer("es", p[5])] for n, p, _, _ in everyone]
    found.append(
        Book(
            "nominas",
            "es",
            {
                "nóminas.xlsx": xlsx({"Nóminas": slips}),
                "trabajadores.xlsx": xlsx({"Hoja1": people}),
            },
            {
                "Nº empleado": {"id"},
                "Fecha alta": PRESENCE,
                "Fecha baja": PRESENCE,
                "Tipo de contrato": {"worker"},
                "Es socio": {"member"},
            },
            {":sum": True, ":figure:salary": "Devengado bruto"},
            ALL,
        )
    )
    dipendenti: list[list[Any]] = [
        [
            "Matricola",
            "Cognome e nome",
            "Data di assunzione",
            "Data di cessazione",
            "Tipo contratto",
            "Retribuzione annua lorda",
            "Ore lavorate",
            "Socio (S/N)",
        ]
    ]
    dipendenti += [
        [str(n), p[0], p[1], p[2], "Tempo indeterminato", p[4], h, answer("it", p[5])]
        for n, p, h, _ in everyone
    ]
    dipendenti.append(["Totale generale", None, None, None, None, sum(PAY), sum(HOURS)])
    found.append(
        Book(
            "dipendenti",
            "it",
            {"dipendenti 2024.xlsx": xlsx({"Foglio1": dipendenti})},
            {
                "Matricola": {"id"},
                "Data di assunzione": PRESENCE,
                "Data di cessazione": PRESENCE,
                "Tipo contratto": {"worker"},
                "Retribuzione annua lorda": {"salary"},
                "Ore lavorate": {"hours"},
                "Socio (S/N)": {"member"},
            },
            {},
            ALL,
        )
    )
    listed: list[list[Any]] = [
        ["Staff list, year to 31 December 2024"],
        [
            "Employee no.",
            "Name",
            "Start date",
            "Leaving date",
            "Gross pay 2024",
            "Hours worked",
            "Member",
            "Notes",
        ],
    ]
    listed += [
        [str(n), p[0], p[1], p[2], p[4], h, answer("en", p[5]), "see file" if n == 2 else None]
        for n, p, h, _ in everyone
    ]
    listed.append(["Source: payroll", None])
    found.append(
        Book(
            "staff-list",
            "en",
            {"staff 2024.xlsx": xlsx({"Staff": listed, "Read me": [["Ask Kim"]]})},
            {
                "Employee no.": {"id"},
                "Start date": PRESENCE,
                "Leaving date": PRESENCE,
                "Hours worked": {"hours"},
                "Member": {"member"},
            },
            {":figure:salary": "Gross pay 2024", ":all:worker": True},
            ALL,
        )
    )
    crew: list[list[Any]] = [
        [
            "Payroll number",
            "Surname",
            "Hire date",
            "Exit date",
            "Contract type",
            "FTE",
            "Annual gross salary",
            "Hours of the year",
            "Partner",
        ]
    ]
    crew += [
        [str(n), p[0], p[1], p[2], "Permanent", p[3] / 10, p[4], h, answer("en", p[5])]
        for n, p, h, _ in everyone
    ]
    log: list[list[Any]] = [["Date", "Payroll number", "Transaction", "Amount"]]
    log += [
        [date(2022, 5, 1), str(n), "Buy-in", 20 * p[6] + 100] for n, p, _, _ in everyone if p[6]
    ]
    log += [[date(2024, 5, 1), str(n), "Redemption", 100] for n, p, _, _ in everyone if p[6]]
    log += [[date(2022, 5, 1), "77", "Buy-in", 400]]
    found.append(
        Book(
            "share-ledger",
            "en",
            {"people 2024.xlsx": xlsx({"Crew": crew, "Ledger": log})},
            {
                "Payroll number": {"id"},
                "Hire date": PRESENCE,
                "Exit date": PRESENCE,
                "Contract type": {"worker"},
                "Annual gross salary": {"salary"},
                "Hours of the year": {"hours"},
                "Partner": {"member"},
                "Date": {"shares_held"},
                "Transaction": {"shares_held"},
                "Amount": {"shares_held"},
            },
            {":kind:buy-in": "more", ":absent": True, ":alone": True},
            {
                **{key: [*one, None] for key, one in ALL.items()},
                "worker": [True] * 4 + [False],
                "shares_held": [*SHARES, 400],
            },
            ("1", "2", "3", "4", "77"),
        )
    )
    return found


def write(book: Book, folder: Path) -> Path:
    """Write a book's year beside a statute; the folder of the policy."""
    language = book.language if book.language in STATUTES else "en"
    year = folder / "2024"
    year.mkdir(parents=True)
    (folder / f"statute.{language}.coop").write_text(STATUTES[language], "utf-8")
    (folder / "coopfx.toml").write_text(f'language = "{book.language}"\n', "utf-8")
    (year / "cooperative.toml").write_text("closing = 2024-12-31\nsurplus = 10000\n", "utf-8")
    for name, content in book.files.items():
        (year / name).write_bytes(content)
    return folder


if __name__ == "__main__":
    for one in books():
        write(one, Path(sys.argv[1]) / one.name)
