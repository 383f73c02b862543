"""Writes a made-up federation: tables of many cooperatives, and the statutes that they follow.

Nobody in it is real. Every figure is drawn from a seed in whole cents, so that running it again gives
the same bytes on any machine; many figures are round, because round numbers tie.
"""

import csv
from contextlib import ExitStack
from pathlib import Path
from random import Random

from tables import decimal

STATUTE = """statute "{title}"
currency EUR
in force from 2020-01-01

article 1 "Sharing the surplus"
  define work_rate = {work}%
  define interest_rate = {interest}%
  allocate surplus
    work_rate to work_share
    interest_rate to share_interest
    15% to reserves.legal until highest_share_capital then to reserves.development
    rest to reserves.development
    losses to losses_brought_forward

article 2 "Shares"
  share work_share among people where seniority >= 3 months
    50% by salary
    50% by hours
  share share_interest among people
    by shares_held

article 3 "Rules"
  define highest_pay = max of salary / hours over people
  define lowest_pay = min of salary / hours over people
  require enough_work: 4 * work_share >= max(surplus, 0 EUR)
  require interest_within_reserves: share_interest <= reserves
  require pay_ratio: highest_pay <= {ratio} * lowest_pay
  recommend attendance_of_half: attendance >= 50%
  require scopette_size: 2 <= headcount <= 40 for each team

article 4 "Teams"
  account common_investment "common investment"
  pool result of teams
    15% kept by each
    rest to common_investment

indicator "Attendance at the general meeting" in democracy
  = attendance
  target 90%
"""
KINDS = {
    "workshops": ("Workshops", 60, 10, "2.6"),
    "services": ("Services", 50, 15, "3"),
}
CLOSING = "2024-12-31"


def write(
    folder: Path,
    cooperatives: int = 40,
    seed: int = 1,
    people: tuple[int, int] = (2, 40),
    width: int = 5,
) -> None:
    """Writes the tables of so many cooperatives, and two statutes.

    ``people`` is how many each has, ``width`` how many digits their identifiers have.
    """
    for name, (title, work, interest, ratio) in KINDS.items():
        text = STATUTE.format(title=title, work=work, interest=interest, ratio=ratio)
        (folder / "statutes" / name).mkdir(parents=True, exist_ok=True)
        path = folder / "statutes" / name / "statute.en.coop"
        path.write_text(text, encoding="utf-8", newline="\n")
    random = Random(seed)
    with ExitStack() as files:
        tables = {
            name: files.enter_context(
                (folder / f"{name}.csv").open("w", encoding="utf-8", newline="")
            )
            for name in HEADS
        }
        writers = {name: csv.writer(file, lineterminator="\n") for name, file in tables.items()}
        for name, head in HEADS.items():
            writers[name].writerow(head)
        for number in range(cooperatives):
            key = f"c{number:06}"
            writers["cooperatives"].writerow(_cooperative(random, key))
            teams = random.randint(1, 4)
            for team in range(teams):
                result = random.choice((-1, 1, 1)) * random.randrange(0, 5_000_000, 100)
                size = random.randint(1, 41)
                writers["teams"].writerow([key, f"t{team:02}", str(size), decimal(result, ".")])
            for person in range(random.randint(*people)):
                writers["people"].writerow(_person(random, key, person, teams, width))


HEADS = {
    "cooperatives": (
        *("cooperative", "closing", "statute", "name", "surplus", "highest_share_capital"),
        *("attendance", "work_rate", "opening reserves.legal"),
    ),
    "people": ("cooperative", "id", "salary", "hours", "seniority", "shares_held", "team"),
    "teams": ("cooperative", "id", "headcount", "result"),
}


def _cooperative(random: Random, key: str) -> list[str]:
    surplus = random.choice((-1, 1, 1, 1, 1)) * random.randrange(0, 90_000_000, 100)
    attendance = random.choice(("", "0.5", "0.9", f"0.{random.randrange(10, 99)}"))
    rate = random.choice(("", "", "0.4", "0.55"))
    capital, reserve = random.randrange(0, 9_000_000), random.randrange(0, 9_000_000)
    return [
        *(key, CLOSING, random.choice(tuple(KINDS)), f"Cooperative {key[1:]}"),
        *(decimal(surplus, "."), decimal(capital, "."), attendance, rate),
        decimal(reserve, "."),
    ]


def _person(random: Random, key: str, number: int, teams: int, width: int) -> list[str]:
    salary = random.choice((2_400_000, 3_000_000, random.randrange(1_500_000, 6_000_000)))
    hours = random.choice((160_700, 80_350, random.randrange(20_000, 190_000)))
    held = random.choice((0, 100_000, random.randrange(0, 1_000_000)))
    return [
        *(key, f"p{number:0{width}}", decimal(salary, "."), decimal(hours, ".")),
        *(
            str(random.choice((1, 3, 24, 120))),
            decimal(held, "."),
            f"t{random.randrange(teams):02}",
        ),
    ]
