"""La Halle's years 2022 and 2023: four colleges of invented producers, employees, friends and towns.

In 2022 no interest is decided; in 2023 the subsidies make most of the surplus, so that the interest
that the meeting decides is cut, and its odd cents fall to the statutory reserve.
"""

from collections.abc import Mapping
from pathlib import Path
from random import Random

from tables import Figure, Year, decimal, half_up

SHARE_VALUE = 20_00
# Each college: its category, its weight in hundredths, its members, the most shares that one of them
# holds, and its votes for and against the accounts of each year.
COLLEGES = (
    ("c1", "salariés", 40, 6, 90, ((6, 0), (4, 1))),
    ("c2", "bénéficiaires", 30, 11, 140, ((8, 1), (7, 2))),
    ("c3", "soutiens", 10, 7, 60, ((2, 2), (3, 0))),
    ("c4", "collectivités", 20, 2, 700, ((2, 0), (1, 1))),
)
YEARS: tuple[tuple[str, Mapping[str, int], Mapping[str, str]], ...] = (
    ("2022", {"excédent": 18_430_27, "subventions": 9_500_00}, {}),
    (
        *("2023", {"excédent": 24_117_35, "subventions": 18_500_00}),
        {"taux_d_intérêt": "2,5 %"},
    ),
)
# What the law asks of any year beside the money; the years since the audit are counted up.
LAW: Mapping[str, str | int] = {
    "forme_juridique": "SAS",
    "catégories_d_associés": len(COLLEGES),
    "bénéficiaires_associés": "oui",
    "salariés_ou_producteurs_associés": "oui",
    "collèges_de_vote": "oui",
    "nombre_de_collèges": len(COLLEGES),
    "poids_selon_le_capital": "non",
    "plus_petit_collège": f"{min(weight for _, _, weight, *_ in COLLEGES)} %",
    "plus_grand_collège": f"{max(weight for _, _, weight, *_ in COLLEGES)} %",
    "voix_au_plus": 1,
    "voix_des_non_coopérateurs": 0,
    "voix_des_non_coopérateurs_hors_coopératives": 0,
    "parts_remboursées": 0,
    "nominal_des_parts_remboursées": 0,
    "revalorisation_des_parts": 0,
}
LEGAL, STATUTORY = 4_112_80, 15_303_44


def draw(random: Random) -> list[tuple[str, str, str, int]]:
    """Everyone who holds shares: id, college, category, shares."""
    people = []
    for college, category, _, members, most, _ in COLLEGES:
        for number in range(1, members + 1):
            shares = most if number == 1 else random.randrange(5, most, 5)
            people.append((f"{category[:3]}{number:02}", college, category, shares))
    return people


def write_year(
    year: Year,
    position: int,
    people: list[tuple[str, str, str, int]],
    facts: Mapping[str, int],
    decisions: Mapping[str, str],
    reserves: tuple[int, int],
) -> None:
    """Writes the three files of a year."""
    capital = sum(shares for *_, shares in people) * SHARE_VALUE
    tables: dict[str, Mapping[str, str | int]] = {
        "balances": {
            "intérêt_aux_parts": 0,
            "réserves.légale": decimal(reserves[0], "."),
            "réserves.statutaire": decimal(reserves[1], "."),
            "réserves.développement": 0,
            "report_à_nouveau_débiteur": 0,
        }
    }
    if decisions:
        tables["decisions"] = decisions
    public = SHARE_VALUE * sum(
        shares for _, _, category, shares in people if category == "collectivités"
    )
    money = {**facts, "capital_social": capital, "capital_le_plus_haut": capital}
    money |= {"capital_des_collectivités": public}
    figures: dict[str, str | int] = {name: decimal(cents, ".") for name, cents in money.items()}
    figures |= {**LAW, "exercices_depuis_la_révision": position + 2}
    year.cooperative("La Halle", facts=figures, **tables)
    year.table(
        "people.csv",
        ("id", "salarié", "associé", "collège", "parts_détenues"),
        (
            (name, category == "salariés", True, college, decimal(shares * SHARE_VALUE))
            for name, college, category, shares in people
        ),
    )
    rows: list[tuple[Figure, ...]] = [
        (college, category, f"{weight} %", *votes[position])
        for college, category, weight, _, _, votes in COLLEGES
    ]
    year.table("college.csv", ("id", "catégorie", "poids", "voix_pour", "voix_contre"), rows)


def write(folder: Path) -> None:
    """Writes both years; the second opens as the first has closed."""
    people = draw(Random(47))
    legal, statutory = LEGAL, STATUTORY
    for position, (name, facts, decisions) in enumerate(YEARS):
        year = Year(folder / name, f"{name}-12-31")
        write_year(year, position, people, facts, decisions, (legal, statutory))
        surplus = facts["excédent"]
        legal += (added := half_up(surplus * 15, 100))
        statutory += surplus - added
