"""Alma's year 2024: only the sums are chosen, so that they agree with what Alma publishes of itself.

180 people in scopettes of 10 to 40, members after one year, all pay at twice the Smic or more and
2.5 times apart at most, a work share of about five months' pay, reserves above 15 million euros, no
dividend from the five subsidiaries, and the indicators of article 7. The surplus, the turnover, the
balances and the scopettes' results are invented to fit these. Many people have equal rights, and
the surplus is such that the last odd cents fall among them.
"""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from random import Random

from tables import Year, decimal, half_up

FULL_YEAR_HOURS = 1607
SHARE_VALUE = 50_00
SURPLUS = 7_506_914_95
OPENING_LEGAL_RESERVE = 4_276_300_00
HIGHEST_SHARE_CAPITAL = 4_750_000_00
OPENING_DEVELOPMENT_FUND = 10_208_415_37
# Half of the work share, which is 60% of the surplus, goes to profit sharing.
WORK_SHARE = half_up(SURPLUS * 60, 100)
PROFIT_SHARING = half_up(WORK_SHARE, 2)

# Full-time pay of a month: twice the Smic of 2024-11-01 (1,801.80) and a little, to 2.5 times that.
PAY_GRID = tuple(
    euros * 100
    for euros in (
        *(3_640, 3_760, 3_900, 4_050, 4_200, 4_350, 4_500, 4_700, 4_900, 5_100),
        *(5_350, 5_600, 5_900, 6_250, 6_700, 7_300, 7_900, 8_500, 9_100),
    )
)
# The largest and the smallest scopette are as large and as small as article 5 admits.
TEAM_SIZES = (40, 31, 26, 24, 20, 16, 13, 10)
# Of every scopette but the first, which has the rest of the surplus.
OTHER_TEAM_RESULTS = (
    *(1_284_310_20, 1_102_745_00, 918_006_55, 640_120_90),
    *(455_300_00, -86_240_50, 212_480_35),
)
SUBSIDIARIES = 5
# Newcomers' months of presence, which are their seniority too; the three longest are members.
NEWCOMERS = (4, 4, 5, 6, 6, 7, 8, 9, 9)
MEMBERS_AMONG_NEWCOMERS = 3
# People who were away for a part of the year; the first has a right by seniority alone.
PRESENCE_OF_THE_AWAY = (2, 6, 9, 9, 10, 11)
# Tenths of full time, one a person who does not work full time.
PART_TIMES = (5,) * 4 + (6,) * 3 + (8,) * 24 + (9,) * 15
TRAINED = 79


@dataclass(frozen=True, slots=True)
class Person:
    """A person's figures of the year; pay in cents, hours in hundredths."""

    team: int
    member: bool
    full_time_pay: int
    tenths: int
    presence: int
    seniority: int
    shares: int
    trained: bool

    @property
    def salary(self) -> int:
        """Gross pay of the year."""
        return half_up(self.full_time_pay * self.presence * self.tenths, 10)

    @property
    def hours(self) -> int:
        """Hundredths of hours of the year."""
        return half_up(FULL_YEAR_HOURS * 100 * self.presence * self.tenths, 12 * 10)


def draw(random: Random) -> list[Person]:
    """The people of the year, in the order of their ids."""
    count = sum(TEAM_SIZES)
    teams = [team for team, size in enumerate(TEAM_SIZES, start=1) for _ in range(size)]
    settled = count - len(NEWCOMERS)
    presences = [*NEWCOMERS, *PRESENCE_OF_THE_AWAY, *[12] * (settled - len(PRESENCE_OF_THE_AWAY))]
    seniorities = [*NEWCOMERS, *(random.randrange(12, 336) for _ in range(settled))]
    tenths = [*PART_TIMES, *[10] * (count - len(PART_TIMES))]
    trained = [index < TRAINED for index in range(count)]
    for column in (teams, tenths, trained):
        random.shuffle(column)
    lowest, *_, highest = PAY_GRID
    people = []
    for index in range(count):
        years = seniorities[index] // 12
        member = years >= 1 or index >= len(NEWCOMERS) - MEMBERS_AMONG_NEWCOMERS
        step = min(years // 2 + random.randrange(6), len(PAY_GRID) - 1)
        # Two in three are paid as the grid says, so that many rights are equal; the others not.
        beside = random.randrange(-90_00, 90_00) if random.randrange(3) == 0 else 0
        shares = 10 + 36 * years + 10 * random.randrange(4) if member else 0
        people.append(
            Person(
                teams[index],
                member,
                max(lowest, min(PAY_GRID[step] + beside, highest)),
                tenths[index],
                presences[index],
                seniorities[index],
                shares,
                trained[index],
            )
        )
    random.shuffle(people)
    return people


def profit_sharing(people: list[Person]) -> list[int]:
    """What each has of the profit-sharing reserve, in cents: half by pay, half by hours."""
    pay, hours = sum(one.salary for one in people), sum(one.hours for one in people)
    exact = [
        PROFIT_SHARING * (Fraction(one.salary, pay) + Fraction(one.hours, hours)) / 2
        for one in people
    ]
    parts = [int(part) for part in exact]
    largest = sorted(range(len(people)), key=lambda at: (parts[at] - exact[at], at))
    for at in largest[: PROFIT_SHARING - sum(parts)]:
        parts[at] += 1
    return parts


def write_people(year: Year, people: list[Person]) -> None:
    """Writes people.csv."""
    rights = profit_sharing(people)
    year.table(
        "people.csv",
        (
            *("id", "équipe", "salarié", "associé", "salaire", "heures", "présence", "ancienneté"),
            *("salaire_temps_plein", "parts_détenues", "formé", "droits_relevés"),
        ),
        (
            (
                f"p{number:03}",
                f"t{person.team:02}",
                True,
                person.member,
                decimal(person.salary),
                decimal(person.hours),
                person.presence,
                person.seniority,
                decimal(person.full_time_pay),
                decimal(person.shares * SHARE_VALUE),
                person.trained,
                decimal(rights[number - 1]),
            )
            for number, person in enumerate(people, start=1)
        ),
    )


def write_teams(year: Year) -> None:
    """Writes teams.csv; the scopettes' results add up to the surplus."""
    results = (SURPLUS - sum(OTHER_TEAM_RESULTS), *OTHER_TEAM_RESULTS)
    year.table(
        "teams.csv",
        ("id", "résultat", "effectif"),
        (
            (f"t{number:02}", decimal(result), size)
            for number, (result, size) in enumerate(zip(results, TEAM_SIZES, strict=True), start=1)
        ),
    )


def write_subsidiaries(year: Year) -> None:
    """Writes subsidiaries.csv."""
    rows = ((f"s{number:02}", decimal(0)) for number in range(1, SUBSIDIARIES + 1))
    year.table("subsidiaries.csv", ("id", "dividende"), rows)


def write_cooperative(year: Year, people: list[Person]) -> None:
    """Writes cooperative.toml."""
    share_capital = sum(person.shares for person in people) * SHARE_VALUE
    facts: dict[str, str | int] = {
        "excédent": decimal(SURPLUS, "."),
        "chiffre_d_affaires": "33200000.00",
        "capital_social": decimal(share_capital, "."),
        "capital_le_plus_haut": decimal(HIGHEST_SHARE_CAPITAL, "."),
        "participation_assemblée": "92 %",
        "fidélisation": "89 %",
        "bien_être": "86 %",
        "dépenses_de_recherche": "7304000.00",
        "emplois_créés": 9,
        "apprentis_et_stagiaires": 9,
        "travail_non_délocalisé": "100 %",
        "entreprises_soutenues": 12,
        "espaces_verts": 15300,
        "carbone": 58,
        "carbone_année_précédente": "66.7",
    }
    # Under the profit-sharing agreement half of the work share is profit sharing and already in the
    # costs, and the reserves of the year stand for the investment provision.
    interest = half_up(SURPLUS * 10, 100)
    law: dict[str, str | int] = {
        "forme_juridique": "SA",
        "inscrite_sur_la_liste": "oui",
        "parts_exigées_à_l_admission": 1,
        "candidatures_non_soumises": 0,
        "voix_au_plus": 1,
        "voix_des_non_coopérateurs": 0,
        "voix_des_non_coopérateurs_hors_coopératives": 0,
        "pouvoirs_au_plus": 6,
        "exercices_depuis_la_révision": 2,
        "exercices_de_perte_à_la_suite": 0,
        "exercices_de_perte_depuis_la_révision": 0,
        "mandats": 12,
        "mandats_de_non_employés": 0,
        "scop_d_amorçage": "non",
        "filiale_d_une_scop": "non",
        "groupement_de_scop": "non",
        "parts_remboursées": "86400.00",
        "nominal_des_parts_remboursées": "86400.00",
        "boni_aux_associés": 0,
        "résultat_comptable": decimal(SURPLUS - PROFIT_SHARING, "."),
        "part_travail_en_charges": decimal(PROFIT_SHARING, "."),
        "report_créditeur": 0,
        "plus_values_exclues": 0,
        "plus_values_en_réserve": 0,
        "provision_reprise": 0,
        "accord_de_participation": "oui",
        "répartition_avant_clôture": "oui",
        "plafond_de_l_accord": "139104.00",
        "réserve_spéciale_de_participation": decimal(PROFIT_SHARING, "."),
        "valeur_ajoutée": "24900000.00",
        "capital_libéré": decimal(share_capital, "."),
        "provision_pour_investissement": decimal(SURPLUS - WORK_SHARE - interest, "."),
        "capital_des_cci": 0,
        "capital_des_cca": 0,
        "part_travail_laissée": 0,
        "effectif_annuel_moyen": 176,
        "années_à_cinquante_salariés": 12,
        "participation_en_parts_ou_comptes_bloqués": "oui",
    }
    balances: dict[str, str | int] = {
        "part_travail": 0,
        "intérêt_aux_parts": 0,
        "réserves.légale": decimal(OPENING_LEGAL_RESERVE, "."),
        "réserves.développement": decimal(OPENING_DEVELOPMENT_FUND, "."),
        "report_à_nouveau_débiteur": 0,
    }
    year.cooperative("Alma", facts=facts | law, balances=balances)


def write(folder: Path) -> None:
    """Writes the year's four files."""
    year = Year(folder / "2024", "2024-12-31")
    people = draw(Random(2024))
    write_cooperative(year, people)
    write_people(year, people)
    write_teams(year)
    write_subsidiaries(year)
