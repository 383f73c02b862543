"""Expressions, drawn by type: figures, conditions, days, groups, of the cooperative or each record."""

from random import Random

from attrs import Factory, define

from coopfx.language.operations import AGGREGATES

FACTS = {
    None: {
        "money": [
            "surplus",
            "turnover",
            "highest_share_capital",
            "share_capital",
            "bonus_pool",
            "windfall",
            "floor_space",
        ],
        "number": ["attendance", "target_margin"],
        "months": ["delay"],
        "yes_no": ["ready", 'town = "north"'],
    },
    "person": {
        "money": ["salary", "full_time_pay", "shares_held"],
        "number": ["score", "grade", "part_time"],
        "hours": ["hours"],
        "months": ["presence", "seniority"],
        "yes_no": ["worker", "member"],
    },
    "team": {"money": ["result"], "number": ["headcount", "risk"]},
    "subsidiary": {"money": ["dividend"]},
    "site": {"number": ["area"]},
}
LITERALS = {"money": " EUR", "number": "", "hours": " hours", "months": " months"}
GROUPS = {
    "person": ["people", "people", "workers", "members", "elders"],
    "team": ["teams", "large_teams"],
    "subsidiary": ["subsidiaries"],
}
DAYS = ("2019-06-01", "2021-12-31", "2022-01-01", "2024-02-29")
FIGURES = [name for name in AGGREGATES if name not in ("count", "rate")]
LINKED = {
    "team": ("person", "team"),
    "site": ("team", "site"),
    "person": ("person", "team of person"),
}
"""Of each record, those that link to it or to what it links to, and by which words."""


@define
class Figures:
    """Draws expressions; ``{0}``, ``{1}``, … in them stand for constants, the ``holes``.

    ``names`` are the figures defined so far; ``received`` the accounts that are shared among people.
    """

    random: Random
    holes: list[str] = Factory(list)
    names: dict[tuple[str | None, str], list[str]] = Factory(dict)
    received: list[str] = Factory(list)
    after_money: bool = False

    def maybe(self, chance: float) -> bool:
        """Yes, so often."""
        return self.random.random() < chance

    def hole(self, text: str) -> str:
        """A place for a constant: what the first program has there."""
        self.holes.append(text)
        return "{" + str(len(self.holes) - 1) + "}"

    def filled(self, text: str, varied: bool) -> str:
        """The text with its constants, the first ones or others."""
        for number, first in enumerate(self.holes):
            value = first
            if varied and self.maybe(0.6):
                value = str(self.random.choice([1, 2, 5, 7, 10, 12.5, 20, 0.5]))
            text = text.replace("{" + str(number) + "}", value, 1)
        return text

    # ---- values

    def literal(self, sort: str) -> str:
        """A constant."""
        if sort == "yes_no":
            return self.random.choice(["yes", "no"])
        size = self.random.choice(["0", "1", "2", "3", "12", "100", "1000", "0.01", "33.33", "2.5"])
        if sort in ("hours", "months"):
            size = self.random.choice(["0", "3", "6", "12", "1607"])
        return self.hole(size) + LITERALS[sort]

    def value(self, sort: str, record: str | None, depth: int) -> str:
        """An expression of a sort, for the cooperative or for each record."""
        if sort == "yes_no":
            return self.condition(record, depth)
        if depth <= 0 or self.maybe(0.25):
            return self.leaf(sort, record)
        less, draw = depth - 1, self.random.choice
        if sort == "number" and self.maybe(0.06):
            return f"log({self.value('number', record, less)}, {draw([0, 2, 4])} decimals)"
        if record in LINKED and self.maybe(0.4):
            return self.aggregate(sort, record, less)
        kind = self.random.randint(0, 9)
        first = self.value(sort, record, less)
        if kind <= 1:
            return f"({first} {draw(['+', '-'])} {self.value(sort, record, less)})"
        if kind == 2:
            return f"({self.value('number', record, less)} * {first})"
        if kind == 3 and sort == "number":
            same = draw(["money", "number"])
            return f"({self.value(same, record, less)} / {self.value(same, record, less)})"
        if kind == 3:
            return f"({first} / {self.value('number', record, less)})"
        if kind == 4:
            return f"{draw(['min', 'max'])}({first}, {self.value(sort, record, less)})"
        if kind == 5:
            other = self.value(sort, record, less)
            return f"(if {self.condition(record, less)} then {first} else {other})"
        if kind == 6:
            return f"{self.hole('15')}% of {first}"
        if kind == 7:
            way = draw(["up", "down", "half up", "half even"])
            step = self.hole(draw(["1", "0.05", "10"])) + LITERALS[sort]
            if self.maybe(0.2):
                step = f"({self.leaf(sort, record)})"
            return f"(({first}) rounded {way} to {step})"
        if kind == 8:
            return f"(-{self.leaf(sort, record)})"
        return self.aggregate(sort, None, less)

    def aggregate(self, sort: str, along: str | None, depth: int, kind: str = "") -> str:
        """An aggregate over a group, in all or of those that are linked to each record ``along``."""
        inner, of = LINKED[along] if along else ("", "")
        record = inner or self.random.choice(["person", "person", "team", "subsidiary"])
        if sort in ("hours", "months") and record != "person":
            return self.leaf(sort, along)
        group = self.random.choice(GROUPS[record]) + (f" of {of}" if of else "")
        if self.maybe(0.4):
            group = f"({group} where {self.condition(record, depth)})"
        kinds = list(AGGREGATES) if sort == "number" else FIGURES
        kind = kind or self.random.choice(kinds)
        if kind == "count":
            return f"(count over {group})"
        if kind == "rate":
            return f"(rate of ({self.condition(record, depth)}) over {group})"
        return f"({kind} of ({self.value(sort, record, depth)}) over {group})"

    # ---- names

    def leaf(self, sort: str, record: str | None) -> str:
        """A name, or a constant."""
        further = self.further(sort, record)
        if further and self.maybe(0.3):
            return self.random.choice(further)
        known = [*FACTS[record].get(sort, []), *self.names.get((record, sort), [])]
        if record is not None:
            known += FACTS[None].get(sort, []) + self.names.get((None, sort), [])
        if record == "person":
            known += [f"{name} of team" for name in FACTS["team"].get(sort, [])]
        if known and self.maybe(0.75):
            return self.random.choice(known)
        return self.literal(sort)

    def further(self, sort: str, record: str | None) -> list[str]:
        """Figures of other days and years, of accounts, and of records that are linked."""
        found: list[str] = []
        if sort == "money":
            day = self.random.choice(DAYS)
            found = ["floor_pay", "floor_pay at founded", f"floor_pay at {day}"]
            found += ["previous surplus", f"surplus at {day}", "opening reserves.legal"]
            if record == "person":
                found += ["previous salary", "opening savings"]
                found += ["(hourly_pay * hours)", "(9.61 EUR per hour * hours)"]
            if self.after_money and record is None:
                found += ["work_share", "reserves", "closing work_share", "taken work_share"]
                found += ["previous closing reserves", "solidarity", "all of kitty"]
            if self.after_money and record == "person":
                found += ["closing savings of person", "all of savings of person"]
                found += [f"{name} of person" for name in self.received]
        if sort == "number":
            found = ["index_rate", "index_rate at founded"]
            if record == "person":
                found += ["area of site of team"]
            if record == "team":
                found += ["area of site"]
        return found

    # ---- conditions

    def condition(self, record: str | None, depth: int) -> str:
        """An expression that is yes or no."""
        less = depth - 1
        if self.maybe(0.12):
            left, right = self.day(record, depth), self.day(record, depth)
            return f"({left} {self.random.choice(['<=', '>', '=', '!='])} {right})"
        if record in LINKED and self.maybe(0.08):
            owner = {"site": "", "team": " of site", "person": " of site of team"}[record]
            return f'(region{owner} {self.random.choice(["=", "!="])} "north")'
        kind = self.random.randint(0, 7)
        if depth > 0 and kind == 0:
            first, second = self.condition(record, less), self.condition(record, less)
            return f"({first} {self.random.choice(['and', 'or'])} {second})"
        if depth > 0 and kind == 1:
            return f"(not {self.condition(record, less)})"
        if kind == 2:
            return f"({self.leaf('yes_no', record)})"
        sorts = ["money", "number"] + (["hours", "months"] if record == "person" else [])
        sort = self.random.choice(sorts)
        left, right = self.value(sort, record, less), self.value(sort, record, less)
        if depth > 0 and kind == 3:
            return f"({self.leaf(sort, record)} <= {left} <= {right})"
        exactly = " exactly" if sort == "money" and self.maybe(0.1) else ""
        relation = self.random.choice(["<=", ">=", "<", ">", "=", "!="])
        return f"({left} {relation} {right}{exactly})"

    def day(self, record: str | None, depth: int) -> str:
        """An expression that is a day."""
        leaf = self.random.choice([*DAYS[:2], "founded", "founded"])
        if record == "person" and self.maybe(0.6):
            leaf = "hired_on"
        if depth <= 0 or self.maybe(0.3):
            return leaf
        if self.maybe(0.3):
            delays = (
                ["seniority"] if record == "person" else ["delay", "patience", "delay + patience"]
            )
            return f"({leaf} + {self.random.choice(delays)})"
        number = self.hole(self.random.choice(["1", "6", "18", "0.5", "200000"]))
        unit = self.random.choice(["months", "days", "years"])
        return f"({leaf} {self.random.choice(['+', '-'])} {number} {unit})"
