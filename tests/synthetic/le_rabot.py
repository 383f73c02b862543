"""Le Rabot's years 2023 and 2024: a joinery of two dozen people, all of them invented.

In 2023 the meeting decides nothing, so that what the statute says instead holds, and the legal
reserve still has room. In 2024 it is filled to the brim, and the meeting grants the capital more than
the statute lets it have. One newcomer has no right to the work share yet, one person who left has,
and one coefficient reaches its most.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from tables import Year, decimal, half_up

FULL_YEAR_HOURS = 1607
SHARE_VALUE = 8_00
PAY_GRID = tuple(euros * 100 for euros in (1_950, 2_080, 2_240, 2_420, 2_650, 2_980, 3_450, 4_100))
# Months of seniority at the end of 2024; those below 12 have come during the year.
SENIORITIES = (2, 5, 11, 14, 19, 23, 24, 31, 40, 47, 58, 60, 66, 75, 88, 97, 119, 120, 133, 151)
OLD_HANDS = (188, 239, 240, 262)
TENTHS = (10,) * 17 + (8,) * 4 + (6,) * 2 + (5,)


@dataclass(frozen=True, slots=True)
class Person:
    """A person's figures of a year; pay in cents, hours in hundredths."""

    name: str
    member: bool
    full_time_pay: int
    tenths: int
    presence: int
    seniority: int
    shares: int

    @property
    def salary(self) -> int:
        """Gross pay of the year."""
        return half_up(self.full_time_pay * self.presence * self.tenths, 10)

    @property
    def hours(self) -> int:
        """Hundredths of hours of the year."""
        return half_up(FULL_YEAR_HOURS * 100 * self.presence * self.tenths, 12 * 10)


def draw(random: Random) -> list[Person]:
    """The people of 2024, in the order of their ids."""
    tenths = list(TENTHS)
    random.shuffle(tenths)
    seniorities = [*SENIORITIES, *OLD_HANDS]
    random.shuffle(seniorities)
    people = []
    for number, (months, part) in enumerate(zip(seniorities, tenths, strict=True), start=1):
        years = months // 12
        member = years >= 1 and months != 19
        step = min(years // 3 + random.randrange(3), len(PAY_GRID) - 1)
        shares = 25 + 40 * years + 5 * random.randrange(5) if member else 0
        presence = min(12, months)
        people.append(
            Person(f"r{number:02}", member, PAY_GRID[step], part, presence, months, shares)
        )
    # One person left at the end of March, with four months behind them: presence gives the right.
    people.append(Person("r25", False, PAY_GRID[1], 10, 3, 4, 0))
    return people


def before(people: list[Person]) -> list[Person]:
    """The same people a year earlier: those who had not come yet are not there."""
    return [
        replace(
            person,
            presence=min(12, person.seniority - 12),
            seniority=person.seniority - 12,
            member=person.member and person.seniority >= 24,
            shares=max(0, person.shares - 40) if person.member and person.seniority >= 24 else 0,
        )
        for person in people
        if person.seniority > 12
    ]


# What the law of the Scop asks of a small SARL without a profit-sharing agreement.
LAW: dict[str, str | int] = {
    "forme_juridique": "SARL",
    "inscrite_sur_la_liste": "oui",
    "parts_exigées_à_l_admission": 1,
    "candidatures_non_soumises": 0,
    "voix_au_plus": 1,
    "voix_des_non_coopérateurs": 0,
    "voix_des_non_coopérateurs_hors_coopératives": 0,
    "pouvoirs_au_plus": 1,
    "exercices_depuis_la_révision": 3,
    "exercices_de_perte_à_la_suite": 0,
    "exercices_de_perte_depuis_la_révision": 0,
    "mandats": 1,
    "mandats_de_non_employés": 0,
    "membres_du_conseil_de_surveillance": 0,
    "durée_des_mandats": "4 ans",
    "dirigeants_au_conseil": 0,
    "scop_d_amorçage": "non",
    "filiale_d_une_scop": "non",
    "groupement_de_scop": "non",
    "parts_remboursées": 0,
    "nominal_des_parts_remboursées": 0,
    "boni_aux_associés": 0,
    "part_travail_en_charges": 0,
    "report_créditeur": 0,
    "plus_values_exclues": 0,
    "plus_values_en_réserve": 0,
    "provision_reprise": 0,
    "accord_de_participation": "non",
    "réserve_spéciale_de_participation": 0,
    "provision_pour_investissement": 0,
    "capital_des_cci": 0,
    "capital_des_cca": 0,
    "part_travail_laissée": 0,
}

CLOSED = {
    "r01": (23580, 94319),
    "r02": (16550, 66199),
    "r04": (23580, 94319),
    "r05": (25207, 100830),
    "r07": (35370, 141479),
    "r08": (35370, 141478),
    "r09": (18427, 73710),
    "r10": (29475, 117899),
    "r11": (35370, 141478),
    "r12": (25938, 103751),
    "r13": (29475, 117899),
    "r15": (25938, 103751),
    "r17": (35370, 141478),
    "r18": (22183, 88730),
    "r19": (29475, 117899),
    "r22": (25207, 100830),
    "r23": (40332, 161328),
    "r24": (35370, 141478),
}
"""What each person had in new shares, and to be paid, when 2023 closed, in cents."""


def write_people(year: Year, people: list[Person], opened: Mapping[str, tuple[int, int]]) -> None:
    """Writes people.csv, with what stands in each person's own accounts when the year opens."""
    year.table(
        "people.csv",
        (
            *("id", "salarié", "associé", "salaire", "heures", "présence", "ancienneté"),
            *("salaire_temps_plein", "parts_détenues"),
            *("ouverture parts_nouvelles", "ouverture versements"),
        ),
        (
            (
                *(person.name, True, person.member),
                *(decimal(person.salary), decimal(person.hours)),
                *(person.presence, person.seniority),
                *(decimal(person.full_time_pay), decimal(person.shares * SHARE_VALUE)),
                *map(decimal, opened.get(person.name, (0, 0))),
            )
            for person in people
        ),
    )


def write_cooperative(
    year: Year, people: list[Person], facts: Mapping[str, int], **tables: Mapping[str, str | int]
) -> None:
    """Writes cooperative.toml."""
    capital = sum(person.shares for person in people) * SHARE_VALUE
    amounts = {**facts, "capital_social": capital}
    figures = {name: decimal(cents, ".") for name, cents in amounts.items()}
    result = {"résultat_comptable": decimal(facts["excédent"], ".")}
    year.cooperative("Le Rabot", facts=figures | result | LAW, **tables)


def write(folder: Path) -> None:
    """Writes both years."""
    people = draw(Random(14))
    earlier = before(people)
    for closing, there, surplus, legal, development, decisions in (
        ("2023", earlier, 61_204_37, 43_110_00, 58_902_11, {}),
        (
            *("2024", people, 88_930_61, 52_290_66, 80_323_63),
            {"taux_du_travail": "55 %", "taux_du_capital": "25 %"},
        ),
    ):
        year = Year(folder / closing, f"{closing}-12-31")
        balances: dict[str, str | int] = {
            "part_travail": 0,
            "intérêt_aux_parts": 0,
            "réserves.légale": decimal(legal, "."),
            "réserves.développement": decimal(development, "."),
            "report_à_nouveau_débiteur": 0,
        }
        facts = {"excédent": surplus, "capital_le_plus_haut": 61_000_00}
        tables: dict[str, Mapping[str, str | int]] = {"balances": balances}
        if decisions:
            tables["decisions"] = decisions
        write_cooperative(year, there, facts, **tables)
        write_people(year, there, CLOSED if closing == "2024" else {})
