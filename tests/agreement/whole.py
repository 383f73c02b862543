"""Statutes that use the whole language: every clause, every line of a clause, every operation.

They are drawn as generated.py draws its own, with more in each place. What they have used is counted
off the typed program, so that a test can demand each of it.
"""

from collections import Counter
from collections.abc import Iterable
from typing import get_args

from attrs import Factory, define, fields
from generated import GROUPS, HEAD, LITERALS, OWN_INPUTS, Statutes

from coopfx.ground.figure import OPENING, PREVIOUS
from coopfx.ground.plain import Plain
from coopfx.language import ir, operations

DECLARED = """
input founded : date
input hired_on : date of person
input grade : whole of person
input region : text of site
input area : number of site >= 0
input pot_a : money
input pot_b : money
input pot_c : money
input pot_d : money
record site
input site : site of team
parameter floor_pay : money
  from 2012-01-01: 9.5 EUR ref "first"
  from 2022-01-01: 12.25 EUR ref "second"
parameter index_rate : number
  from 2019-06-01: 1.02 ref "first"
account savings of person
account chest of team
"""
POTS = ("pot_a", "pot_b", "pot_c", "pot_d")
OWN_ACCOUNTS = ("solidarity", "village_hall", "kindergarten")
DAYS = ("2019-06-01", "2021-12-31", "2022-01-01", "2024-02-29")


@define
class WholeLanguage(Statutes):
    """Draws statutes with everything that the language has."""

    parts_received: list[str] = Factory(list)

    def text(self) -> str:
        """A whole statute."""
        parts = [HEAD, OWN_INPUTS, DECLARED, 'article 1 "Figures"']
        parts.append(f"  group large_teams = teams where {self.condition('team', 1)}")
        parts.append(f"  group elders = workers where {self.condition('person', 1)}")
        parts.append(self.scale(0))
        for number in range(1, self.random.randint(2, 5)):
            draw = self.random.choice([self.definition, self.scale, self.decide])
            parts.append(draw(number))
        parts += ['article 2 "Money"', *self.money()]
        parts.append('article 3 "Rules"')
        self.after_money = True
        for number in range(self.random.randint(1, 4)):
            parts.append(self.rule(number))
        for number in range(self.random.randint(1, 3)):
            sort = self.random.choice(["money", "number"])
            parts.append(f'  indicator "I{number}" = {self.value(sort, None, 2)}')
        if self.maybe(0.5):
            parts.append(self.example())
        return "\n".join(parts) + "\n"

    def maybe(self, chance: float) -> bool:
        return self.random.random() < chance

    # ---- figures

    def scale(self, number: int) -> str:
        record = self.random.choice([None, "person", "person", "team", "team"])
        by, sort = self.random.choice(["money", "number", "months"]), "number"
        if by == "months" and record != "person":
            by = "number"
        if self.maybe(0.3):
            sort = "money"
        starts = ["0", "3", "6", "12", "100", "1000"]
        chosen = sorted(self.random.sample(range(6), self.random.randint(1, 4)))
        each = f" for each {record}" if record else ""
        lines = [f"  scale figure_{number} by {self.value(by, record, 1)}{each}"]
        for place in chosen:
            word = self.random.choice(["from", "from", "above"])
            start = starts[place] + LITERALS[by]
            if self.maybe(0.1):
                start = self.leaf(by, record)
            lines.append(f"    {word} {start}: {self.value(sort, record, 1)}")
        if self.maybe(0.5):
            lines.append(f"    otherwise {self.value(sort, record, 1)}")
        self.names.setdefault((record, sort), []).append(f"figure_{number}")
        return "\n".join(lines)

    def decide(self, number: int) -> str:
        sort = self.random.choice(["money", "number"])
        otherwise = f" otherwise {self.value(sort, None, 1)}" if self.maybe(0.6) else ""
        low, high = self.literal(sort), self.literal(sort)
        self.names.setdefault((None, sort), []).append(f"figure_{number}")
        return f"  decide figure_{number} between {low} and {high}{otherwise}"

    # ---- money

    def money(self) -> list[str]:
        """The clauses that move money: one source each."""
        pots = list(POTS)
        self.random.shuffle(pots)
        parts = [self.allocation("surplus", when=self.maybe(0.3))]
        if self.maybe(0.3):
            parts[0] = parts[0].replace("allocate surplus\n", "allocate surplus when ready\n", 1)
            parts.append(self.allocation("surplus", when=True))
        parts.append(self.split("work_share"))
        self.parts_received = ["work_share"]
        if self.maybe(0.6):
            parts.append(self.split(pots.pop()))
        if self.maybe(0.5):
            parts.append(self.split("share_interest"))
        if self.maybe(0.5):
            pot = pots.pop()
            taken = [pot, f"50% of {pot}", f"min(1 000 EUR, {pot}) from {pot}"][len(parts) % 3]
            parts.append(self.allocation(taken, own=True, when=self.maybe(0.3)))
        if self.maybe(0.7):
            parts.append(self.split_inside(pots.pop()))
        if self.maybe(0.6):
            parts.append(self.allocation_of_each())
        if self.maybe(0.6):
            parts.append(self.pool())
        return parts

    def allocation(self, source: str, *, own: bool = False, when: bool = False) -> str:
        accounts = ["work_share", "share_interest", "reserves.legal", "reserves.development"]
        if own:
            accounts = list(OWN_ACCOUNTS)
        condition = f" when {self.condition(None, 1)}" if when else ""
        lines = [f"  allocate {source}{condition}"]
        exact = self.maybe(0.3)
        amounts = self.random.choice([["1 / 3 * 100%"] * 3, ["25%"] * 4, ["12.5%", "87.5%"]])
        if not exact:
            amounts = [self.item_amount() for _ in range(self.random.randint(1, 4))]
        lines += self.items(amounts, accounts, None, exact=exact)
        if not exact or self.maybe(0.3):
            rest = self.shaped("rest", None) if self.maybe(0.2) else ""
            lines.append(f"    rest to {self.random.choice(accounts)}{rest}")
        if self.maybe(0.5):
            lines.append(f"    losses to {self.random.choice(accounts)}")
        return "\n".join(lines)

    def items(
        self, amounts: list[str], accounts: list[str], record: str | None, *, exact: bool
    ) -> list[str]:
        lines = []
        for position, amount in enumerate(amounts):
            account = accounts[position % len(accounts)]
            if self.maybe(0.3):
                account = accounts[0]
            if not exact and self.maybe(0.15):
                amount = f"{self.random.choice([50, 33, 100])}% of rest"
            shape = self.shaped(amount, record) if self.maybe(0.5) else ""
            until = ""
            if self.maybe(0.45):
                until = f" until {self.value('money', record, 1)}"
                if self.maybe(0.6):
                    until += f" then to {self.random.choice(accounts)}"
            lines.append(f"    {amount} to {account}{shape}{until}")
        return lines

    def shaped(self, amount: str, record: str | None) -> str:
        """Lines that shape an item."""
        found = ""
        if self.maybe(0.4):
            found += f" at most {self.limit(record)}"
        if self.maybe(0.3):
            found += f" at least {self.limit(record)}"
        if self.maybe(0.5):
            found += f" when {self.condition(record, 1)}"
        return found

    def limit(self, record: str | None) -> str:
        """A sum that is likely to bind."""
        if self.maybe(0.5):
            return self.literal("money")
        return f"({self.value('money', record, 1)})"

    def allocation_of_each(self) -> str:
        """An allocation of what each record has received or has."""
        source = self.random.choice([*self.parts_received, "salary"])
        source = source if source == "salary" else f"{source} of person"
        record, accounts = "person", ["savings of person", "solidarity", "village_hall"]
        group = self.random.choice(["person", "worker", "member", "elders"])
        if self.maybe(0.3):
            source, record, group = "result", "team", self.random.choice(["team", "large_teams"])
            accounts = ["chest of team", "solidarity", "village_hall"]
        condition = f" when {self.condition(record, 1)}" if self.maybe(0.4) else ""
        amounts = [self.item_amount(record) for _ in range(self.random.randint(1, 3))]
        lines = [f"  allocate {source} for each {group}{condition}"]
        lines += self.items(amounts, accounts, record, exact=False)
        lines.append(f"    rest to {self.random.choice(accounts)}")
        if self.maybe(0.4):
            lines.append(f"    losses to {self.random.choice(accounts)}")
        return "\n".join(lines)

    def item_amount(self, record: str | None = None) -> str:
        kind = self.random.random()
        if kind < 0.6:
            return self.hole(self.random.choice(["5", "10", "15", "20", "30", "12.5", "33"])) + "%"
        return f"({self.value('money' if kind < 0.8 else 'number', record, 1)})"

    def split(self, source: str) -> str:
        group = self.random.choice([*GROUPS["person"], "elders"])
        if self.maybe(0.5):
            group = f"{group} where {self.condition('person', 1)}"
        into = " to savings of person" if self.maybe(0.3) else ""
        when = f" when {self.condition(None, 1)}" if self.maybe(0.3) else ""
        return self.shared(f"  share {source} among {group}{into}{when}", "person")

    def split_inside(self, source: str) -> str:
        """A split among teams or of their results, and inside each of them."""
        group = self.random.choice([*GROUPS["person"], "elders"])
        if self.maybe(0.5):
            group = f"({group} where {self.condition('person', 1)})"
        lines = []
        if self.maybe(0.6):
            by = self.random.choice(["headcount", "risk"])
            lines.append(f"  allocate {source}\n    rest to handed_on\n    losses to handed_on")
            source = "handed_on"
            lines.append(f"  share {source} among teams\n    by {by}")
        else:
            given = "charges" if group == "workers" else "result"
            source = f"max({self.value('money', 'team', 1)}, 0 EUR) from {given}"
        when = f" when {self.condition(None, 1)}" if self.maybe(0.3) else ""
        head = f"  share {source} among {group} of each team{when}"
        return "\n".join([*lines, self.shared(head, "person")])

    def shared(self, head: str, record: str) -> str:
        """The lines of a share."""
        figures = ["salary", "hours", "shares_held", "full_time_pay", "seniority", "salary / hours"]
        kind = self.random.random()
        if kind < 0.3:
            lines = [f"by {self.random.choice(figures)}"]
        elif kind < 0.5:
            lines = ["equally"]
        elif kind < 0.8:
            first = self.random.choice([50, 30, 75])
            one, two = self.random.choice(figures), self.random.choice(figures)
            lines = [f"{first}% by {one}", f"{100 - first}% by {two}"]
        elif kind < 0.9:
            lines = ["40% by salary", "30% by hours", "30% equally"]
        else:
            lines = [f"{self.hole('2')} * 25% by salary"]
            lines.append(f"({self.value('number', None, 1)}) by shares_held")
        if self.maybe(0.3):
            lines.append(f"multiplied by {self.coefficient()}")
        if self.maybe(0.45):
            cap = ["0.01 EUR", "10% of salary", "20 EUR", f"({self.value('money', record, 1)})"]
            lines.append(f"at most {self.random.choice(cap)} each")
        if self.maybe(0.35):
            least = self.random.choice(
                ["0.02 EUR", "10 EUR", f"({self.literal('money')} / 7)", "floor_pay"]
            )
            lines.append(f"paid from {least} up")
        if self.maybe(0.25):
            lines.append("alike")
        if self.maybe(0.4):
            lines.append(f"excess to {self.random.choice(OWN_ACCOUNTS)}")
        return "\n".join([head, *(f"    {line}" for line in lines)])

    def coefficient(self) -> str:
        return self.random.choice(
            [
                "score",
                "(if member then 2 else 1)",
                "(seniority / 12 months)",
                "min(seniority / 7 months, 2)",
                f"({self.value('number', 'person', 1)})",
            ]
        )

    def pool(self) -> str:
        kept = self.hole(self.random.choice(["15", "0", "100", "33.3"])) + "%"
        group = self.random.choice(["teams", "large_teams"])
        losses = "\n    losses kept" if self.maybe(0.5) else ""
        return (
            f"  pool result of {group}\n    {kept} kept by each{losses}\n"
            "    rest to common_investment"
        )

    def rule(self, number: int) -> str:
        if self.maybe(0.3):
            record = self.random.choice(["site", "team"])
            return f"  require rule_{number}: {self.condition(record, 2)} for each {record}"
        return Statutes.rule(self, number)

    def example(self) -> str:
        sums = ["salary of p1 >= 0 EUR", "count_me of p1 < 0", "work_share of p1 >= 1 EUR"]
        return "\n".join(
            [
                "  define count_me = grade + 1 for each person",
                '  example "one of them"',
                "    given person | salary",
                "      p1 | 1 EUR",
                f"    expect {self.random.choice(sums)}",
            ]
        )

    # ---- expressions

    def value(self, sort: str, record: str | None, depth: int) -> str:
        if sort == "number" and depth > 0 and self.maybe(0.06):
            places = self.random.choice([0, 2, 4])
            return f"log({self.value('number', record, depth - 1)}, {places} decimals)"
        linked = record in ("team", "site", "person") and sort != "yes_no"
        if record is not None and depth > 0 and linked and self.maybe(0.3):
            return self.aggregate_along(sort, record, depth - 1)
        if sort in ("money", "number") and depth > 0 and self.maybe(0.05):
            return self.aggregate_of_all(sort, depth - 1)
        return Statutes.value(self, sort, record, depth)

    def aggregate_of_all(self, sort: str, depth: int) -> str:
        """An aggregate that is seldom drawn otherwise."""
        record = self.random.choice(["person", "team", "subsidiary"])
        group = self.random.choice(GROUPS[record])
        if sort == "number" and self.maybe(0.7):
            if self.maybe(0.5):
                return f"(count over {group})"
            return f"(rate of ({self.condition(record, depth)}) over {group})"
        return f"(median of {self.value(sort, record, depth)} over {group})"

    def aggregate_along(self, sort: str, record: str, depth: int) -> str:
        """An aggregate for each record, of those that link to it."""
        inner, group, of = {
            "team": ("person", self.random.choice(GROUPS["person"]), "team"),
            "site": ("team", "teams", "site"),
            "person": ("person", self.random.choice(GROUPS["person"]), "team of person"),
        }[record]
        over = f"{group} of {of}"
        if self.maybe(0.4):
            over = f"({group} of {of} where {self.condition(inner, depth)})"
        if sort == "number" and self.maybe(0.7):
            if self.maybe(0.5):
                return f"(count over {over})"
            return f"(rate of ({self.condition(inner, depth)}) over {over})"
        kind = self.random.choice(["sum", "average", "min", "max", "median"])
        if sort in ("hours", "months") and inner == "team":
            return Statutes.value(self, sort, record, depth)
        return f"({kind} of ({self.value(sort, inner, depth)}) over {over})"

    def condition(self, record: str | None, depth: int) -> str:
        if self.maybe(0.12):
            left, right = self.day(record, depth), self.day(record, depth)
            return f"({left} {self.random.choice(['<=', '>', '=', '!='])} {right})"
        if record in ("site", "team", "person") and self.maybe(0.08):
            owner = {"site": "", "team": " of site", "person": " of site of team"}[record]
            sign = self.random.choice(["=", "!="])
            return f'(region{owner} {sign} "north")'
        if self.maybe(0.05):
            left, right = self.value("money", record, depth), self.value("money", record, depth)
            return f"({left} <= {right} exactly)"
        return Statutes.condition(self, record, depth)

    def day(self, record: str | None, depth: int) -> str:
        """An expression that is a day."""
        leaf = self.random.choice([*DAYS[:2], "founded", "founded"])
        if record == "person" and self.maybe(0.6):
            leaf = "hired_on"
        if depth <= 0 or self.maybe(0.3):
            return leaf
        if record == "person" and self.maybe(0.3):
            return f"({leaf} + seniority)"
        number = self.hole(self.random.choice(["1", "6", "18", "0.5", "200000"]))
        unit = self.random.choice(["months", "days", "years"])
        return f"({leaf} {self.random.choice(['+', '-'])} {number} {unit})"

    def leaf(self, sort: str, record: str | None) -> str:
        if self.maybe(0.2):
            found = self.further(sort, record)
            if found:
                return self.random.choice(found)
        if record == "site" and sort == "number":
            return "area"
        if record == "site":
            record = None
        return Statutes.leaf(self, sort, record)

    def further(self, sort: str, record: str | None) -> list[str]:
        """Figures of other days and years, of accounts, and of records that are linked."""
        found = []
        if sort == "money":
            day = self.random.choice(DAYS)
            found = ["floor_pay", "floor_pay at founded", f"floor_pay at {day}"]
            found += ["previous surplus", f"surplus at {day}"]
            if record == "person":
                found += ["previous salary", "opening savings"]
            if self.after_money and record is None:
                found += ["closing work_share", "taken work_share", "previous closing reserves"]
            if self.after_money and record == "person":
                found += ["closing savings of person", "savings of person"]
                found += [f"{name} of person" for name in self.parts_received]
        if sort == "number":
            found = ["index_rate", "index_rate at founded"]
            if record == "person":
                found += ["grade", "area of site of team"]
            if record == "team":
                found += ["area of site"]
        return found


def used(program: ir.Program, evaluated: Iterable[int]) -> Counter[str]:
    """Each class of node that was evaluated, and each field of one that says something."""
    found: Counter[str] = Counter()
    for index in evaluated:
        node = program.nodes[index]
        found.update(_says(type(node).__name__, node))
        match node:
            case ir.Op():
                found[f"Op {node.operation}"] += 1
            case ir.Compare():
                found[f"Compare {node.relation}"] += 1
            case ir.Aggregate():
                found[f"Aggregate {node.aggregate}" + (" along" if node.along else "")] += 1
            case ir.Balance():
                found[f"Balance {node.at}"] += 1
            case ir.Input():
                found["Input at"] += node.figure.day is not None
                found["Input previous"] += node.period == PREVIOUS
                found["Input opening"] += node.side == OPENING
            case ir.Allocate():
                for item in node.items:
                    found.update(_says("Item", item))
                    found.update(_says("Fill", item.fill))
            case ir.Split():
                for key in node.keys:
                    found.update(_says("Key", key))
    return found


def _says(name: str, part: Plain | None) -> list[str]:
    if part is None:
        return []
    said = [field for field in SAYS[type(part)] if not _is_silent(getattr(part, field))]
    return [name, *(f"{name}.{field}" for field in said)]


def _is_silent(value: object) -> bool:
    return value is None or value is False or value in ((), "")


PARTS: tuple[type[Plain], ...] = (*get_args(ir.AnyNode), ir.Item, ir.Fill, ir.Key)
SAYS = {part: [field.name for field in fields(part) if _is_silent(field.default)] for part in PARTS}
"""The fields of each part of a program that may say something or nothing."""

NEVER = {
    f"{sort}.record" for sort in ["Slot", "Param", "Decision", "Member", "Paid", "Excess", "Pooled"]
}
"""Fields that say nothing there: such a node is always the cooperative's."""

FURTHER = (
    *(f"Op {name}" for name in operations.OPERATIONS),
    *(f"Compare {name}" for name in operations.RELATIONS),
    *(f"Aggregate {name}" for name in operations.AGGREGATES),
    *(f"Aggregate {name} along" for name in operations.AGGREGATES),
    *(f"Balance {at}" for at in ("opening", "before", "added", "taken", "closing")),
    *("Input previous", "Input opening", "Input at"),
)

EVERYTHING = (
    {part.__name__ for part in PARTS}
    | {f"{part.__name__}.{field}" for part, names in SAYS.items() for field in names}
    | set(FURTHER)
) - NEVER
"""What statutes of the whole language have to use, all together."""
