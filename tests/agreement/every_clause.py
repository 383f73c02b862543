"""Statutes that use every clause and operator, and complete years for them: for the prover's terms."""

from datetime import date
from fractions import Fraction
from random import Random

from attrs import define
from generated import GROUPS, HEAD, OWN_INPUTS, Statutes, Years

from coopfx.ground.exact import Kind, Known
from coopfx.ground.facts import Facts, Table
from coopfx.language import ir

MOODS = ("plain", "zero", "ties", "round", "huge")
# Rules that many statutes keep in every year, and some break in few.
KEPT = (
    "work_share of person >= 0 EUR for each person",
    "sum of work_share of person over people <= work_share",
    "sum of work_share of person over people + solidarity >= work_share",
    "closing capital of person >= opening capital of person for each person",
    "sum of closing capital of person over people >= sum of opening capital of person over people",
    "max of work_share of person over people <= max(surplus, 0 EUR)",
    "min of work_share of person over people <= 250 EUR",
    "max of work_share of person over workers <= 3 * min of work_share of person over workers",
    "work_share of person <= 250 EUR for each person",
    "work_share of person <= 30% of salary for each person",
    "share_interest >= 0 EUR",
    "work_share >= 25% of surplus when surplus > 0 EUR",
    "work_share <= 50% of surplus when surplus > 0 EUR",
    "common_investment >= 0 EUR when min of result over teams >= 0 EUR",
    "common_investment <= 0 EUR when max of result over teams <= 0 EUR",
    "savings of person <= work_share of person for each person",
    "sum of savings of person over people + cash <= sum of work_share of person over people",
    "wage at founded + work_share >= 1 450 EUR when founded >= 2016-01-01",
    "loyalty * (1 + work_share of person / 1 EUR) >= 0 for each person",
    "founded + 6 months > founded or work_share >= 0 EUR",
    "reserves <= surplus when surplus >= 0 EUR",
    "sum of work_share of person over people of team >= 0 EUR for each team",
)
TEXTS = ("", "north", "south", "elsewhere")
INPUTS = """
record site
input area : number of site >= 0
input region : text of site
input site : site of team
input founded : date
input delay : months
input patience : days
input hired_on : date of person
input town : text
account capital of person
account savings of person
group large_teams = teams where headcount >= 3
parameter wage : money
  from 2015-01-01: 1 450 EUR ref "a"
  from 2023-01-01: 1 709 EUR ref "b"
  from 2024-06-01: 1 800 EUR ref "c"
"""


@define
class EveryClause(Statutes):
    """Draws one statute of the clauses that ``Statutes`` does not draw, beside those that it does."""

    def text(self) -> str:
        parts = [
            HEAD,
            OWN_INPUTS,
            INPUTS,
            "account solidarity\naccount cash",
            'article 1 "Figures"',
        ]
        parts += [self.decision(), self.scale("person"), self.scale(None)]
        for number in range(self.random.randint(0, 3)):
            parts.append(self.definition(number))
        parts += ['article 2 "Money"', *self.allocations(), *self.shares(), self.pool()]
        parts.append('article 3 "Rules"')
        self.after_money = True
        for number in range(self.random.randint(2, 5)):
            parts.append(self.rule(number))
        return "\n".join(parts) + "\n"

    def rule(self, number: int) -> str:
        if self.random.random() < 0.5:
            return f"  require kept_{number}: {self.random.choice(KEPT)}"
        return super().rule(number)

    def decision(self) -> str:
        low = self.random.choice(["25%", "0%", "attendance", "10% + 5% * target_margin"])
        otherwise = self.random.choice(["", " otherwise 40%", " otherwise attendance"])
        text = f"  decide work_part between {low} and 50%{otherwise}\n"
        otherwise = self.random.choice(["", " otherwise 10 EUR"])
        self.names.setdefault((None, "number"), []).append("work_part")
        self.names.setdefault((None, "money"), []).append("gift")
        return text + f"  decide gift between 0 EUR and 5% of turnover{otherwise}"

    def scale(self, record: str | None) -> str:
        if record == "person":
            name, by = (
                "loyalty",
                self.random.choice(["seniority", "seniority rounded down to 1 year"]),
            )
            starts = self.random.choice(
                [["0 months", "5 years"], ["1 year", "3 years", "10 years"]]
            )
            values = ["1", "1.5", self.random.choice(["2", "score", "1.25"])]
        else:
            name, by = "rung", self.random.choice(["turnover", "surplus", "gift"])
            starts, values = ["0 EUR", "1 000 EUR", "1 000 000 EUR"], ["0.1", "attendance", "0.3"]
        lines = [f"  scale {name} by {by}"]
        for start, value in zip(starts, values, strict=False):
            lines.append(f"    {self.random.choice(['from', 'above'])} {start}: {value}")
        if self.random.random() < 0.6:
            lines.append("    otherwise 0.5")
        self.names.setdefault((record, "number"), []).append(name)
        return "\n".join(lines)

    # ---- money

    def allocations(self) -> list[str]:
        kind = self.random.randint(0, 2)
        if kind == 0:
            condition = self.random.choice(["ready", "turnover >= 1 000 EUR", "rung > 0.1"])
            first = self.allocation("surplus").replace("surplus", f"surplus when {condition}", 1)
            return [first, f"  allocate surplus when not {condition}\n    rest to work_share"]
        if kind == 1:
            condition = self.condition(None, 2)
            return [self.allocation("surplus").replace("surplus", f"surplus when {condition}", 1)]
        return [self.allocation("surplus")]

    def allocation(self, source: str, *, own: bool = False) -> str:
        accounts = ["work_share", "share_interest", "reserves.legal", "reserves.development"]
        lines = [f"  allocate {source}"]
        amounts = self.random.choice([["1 / 3"] * 3, ["25%"] * 4, ["work_part", "33%"], [], []])
        if not amounts:
            amounts = [self.item_amount() for _ in range(self.random.randint(1, 3))]
        for place, amount in enumerate(amounts):
            line = f"    {amount} to {accounts[place % len(accounts)]}"
            if self.random.random() < 0.3:
                line += f" at most {self.value('money', None, 1)}"
            if self.random.random() < 0.2:
                line += f" at least {self.value('money', None, 1)}"
            if self.random.random() < 0.25:
                line += f" until {self.value('money', None, 1)}"
                if self.random.random() < 0.6:
                    line += f" then to {self.random.choice(accounts)}"
            if self.random.random() < 0.3:
                line += f" when {self.condition(None, 1)}"
            lines.append(line)
        if self.random.random() < 0.3:
            lines.append(f"    {self.random.choice(['50%', '12.5%'])} of rest to help")
        if self.random.random() < 0.7:
            lines.append("    rest to reserves.development")
        return "\n".join(lines)

    def item_amount(self) -> str:
        drawn = ["rung", "gift", "work_part * surplus", "wage", "10%", "60%"]
        return self.random.choice(drawn) if self.random.random() < 0.6 else super().item_amount()

    def shares(self) -> list[str]:
        found = []
        segments = self.random.random() < 0.45
        if segments:
            by = self.random.choice(["headcount", "risk", "equally"])
            by = by if by == "equally" else f"by {by}"
            found.append(f"  share work_share among teams {by}")
        found.append(self.split("work_share", " of each team" if segments else ""))
        into = " to capital of person" if self.random.random() < 0.7 else ""
        found.append(self.split("share_interest", into))
        if self.random.random() < 0.5:
            found.append(
                f"  allocate work_share of person for each {self.random.choice(['worker', 'person'])}"
                f"{self.random.choice(['', ' when score >= 1'])}\n"
                f"    {self.random.choice(['10%', '1 000 EUR', 'loyalty'])} to savings of person"
                f"{self.random.choice(['', ' until 300 EUR', ' at most 5 EUR'])}\n    rest to cash"
            )
        return found

    def split(self, source: str, after: str = "") -> str:
        where = f" where {self.condition('person', 1)}" if self.random.random() < 0.3 else ""
        group = self.random.choice(GROUPS["person"])
        lines = [f"  share {source} among {group}{where}{after}"]
        if self.random.random() < 0.2:
            lines[0] += f" when {self.condition(None, 1)}"
        figures = ["salary", "hours", "shares_held", "score", "loyalty"]
        kind = self.random.random()
        if kind < 0.35:
            lines.append(f"    by {self.random.choice(figures)}")
        elif kind < 0.6:
            lines.append("    equally")
        else:
            lines += [f"    70% by {self.random.choice(figures)}", "    30% equally"]
        if self.random.random() < 0.35:
            lines.append(f"    multiplied by {self.random.choice(['loyalty', 'score', '2'])}")
        cap = self.random.choice(["30% of salary", "250 EUR", "shares_held", "0.015 EUR"])
        if self.random.random() < 0.35:
            lines.append(f"    at most {cap} each")
        if self.random.random() < 0.25:
            lines.append(f"    paid from {self.random.choice(['10 EUR', '0.014 EUR', 'gift'])} up")
        if self.random.random() < 0.2:
            lines.append("    alike")
        if self.random.random() < 0.4:
            lines.append("    excess to solidarity")
        return "\n".join(lines)

    def pool(self) -> str:
        group = self.random.choice(["teams", "large_teams"])
        kept = self.random.choice(["15%", "33.3%", "100%", "attendance"])
        losses = self.random.choice(["", "    losses kept\n"])
        return (
            f"  pool result of {group}\n    {kept} kept by each\n"
            f"{losses}    rest to common_investment"
        )

    # ---- figures

    def leaf(self, sort: str, record: str | None) -> str:
        found = self.after.get((record, sort), []) if self.after_money else self.before[sort]
        if found and self.random.random() < 0.4 and (self.after_money or record is None):
            return self.random.choice(found)
        return super().leaf(sort, record)

    def aggregate(self, sort: str, depth: int) -> str:
        if sort == "money" and self.random.random() < 0.4:
            kind = self.random.choice(["median", "sum", "average", "max"])
            return f"({kind} of {self.value('money', 'person', depth - 1)} over people)"
        return super().aggregate(sort, depth)

    def condition(self, record: str | None, depth: int) -> str:
        if self.random.random() < 0.12:
            return self.random.choice(
                [
                    "founded + 6 months <= 2024-02-29",
                    "(founded + delay + patience >= 2020-01-31)",
                    'town = "north"',
                    "founded - 1 month < 2019-12-31",
                ]
            )
        return super().condition(record, depth)

    @property
    def before(self) -> dict[str, list[str]]:
        """What any expression of the cooperative may speak of."""
        return {
            "money": ["wage", "wage at 2020-01-01", "wage at founded", "previous surplus"],
            "number": ["log(attendance + 1, 2 decimals)", "rung", "work_part"],
            "yes_no": [],
            "hours": [],
            "months": [],
        }

    @property
    def after(self) -> dict[tuple[str | None, str], list[str]]:
        """What a rule may speak of, once money has moved."""
        return {
            (None, "money"): [
                "work_share",
                "solidarity",
                "closing reserves",
                "common_investment",
                "taken work_share",
                "sum of work_share of person over workers",
                "max of work_share of person over people",
                "min of work_share of person over people",
                "sum of capital of person over people",
                "sum of closing capital of person over members",
                "sum of salary over people",
                "wage",
            ],
            (None, "number"): ["log(attendance + 1, 3 decimals)", "rung", "work_part"],
            ("person", "money"): [
                "work_share of person",
                "closing capital of person",
                "opening capital of person",
                "savings of person",
                "sum of salary over people of team of person",
                "result of team",
            ],
            ("person", "number"): [
                "loyalty",
                "area of site of team of person",
                "count over workers of team of person",
            ],
            ("team", "money"): [
                "sum of work_share of person over people of team",
                "median of salary over workers of team",
                "max of salary over people of team",
                "average of full_time_pay over members of team",
            ],
            ("team", "number"): [
                "count over workers of team",
                "rate of member over people of team",
                "area of site of team",
            ],
        }


def fact(years: Years, item: ir.Input, mood: str) -> Known:
    """A value of a fact of any kind but a link."""
    random = years.random
    if item.type.kind is Kind.DATE:
        days = [date(2024, 2, 29), date(2023, 8, 31), date(2024, 1, 1), date(1, 1, 1)]
        drawn = date(random.randint(2012, 2026), random.randint(1, 12), random.randint(1, 28))
        return random.choice([*days, drawn, drawn, drawn])
    if item.type.kind is Kind.TEXT:
        return random.choice(TEXTS)
    if item.key in ("delay", "patience"):
        return Fraction(random.choice([0, 2, 4, 10, 24, 72, -14, 1, 2 * 10**6]), 2)
    return years.fact(item, mood)


def complete_year(program: ir.Program, random: Random, size: int, closing: date) -> Facts:
    """A year in which every fact is given, with so many records of each sort."""
    years, mood = Years(random), random.choice(MOODS)
    tables = {}
    for record in program.records:
        names = tuple(f"{record[0]}{number + 1}" for number in range(size))
        columns: dict[str, tuple[Known | None, ...]] = {}
        for item in program.inputs:
            if item.record != record:
                continue
            if item.type.kind is Kind.LINK:
                sort = item.type.record or ""
                columns[item.key] = tuple(f"{sort[0]}{random.randint(1, size)}" for _ in names)
                continue
            same = fact(years, item, mood)
            drawn = [same if mood == "ties" else fact(years, item, mood) for _ in names]
            columns[item.key] = tuple(drawn)
        tables[record] = Table(names, columns)
    figures = {item.key: fact(years, item, mood) for item in program.inputs if item.record is None}
    for node in program.nodes:
        if isinstance(node, ir.Decision) and (node.otherwise is None or random.random() < 0.6):
            money = bool(node.type.unit)
            rates = [Fraction(n, 100) for n in (0, 10, 25, 30, 50, 60, -5)]
            figures[node.name] = years.money(mood) if money else random.choice(rates)
    balances = {
        name: years.money(mood)
        for name in program.accounts
        if not any(other.startswith(name + ".") for other in program.accounts)
        and program.accounts[name].record is None
    }
    return Facts(closing, figures, tables, balances)
