"""Statutes of the whole language, drawn by type: every clause, every line of a clause, every operation.

A statute is drawn as a text with places for its constants, and filled several times: its programs have
one shape and figures of their own, as the batch engine wants them. What they have used is counted off
the text and the typed program by ``covered``, so that tests can demand each of it. A new clause is drawn
here, in ``text`` or ``money``, and nowhere else.
"""

from collections.abc import Callable
from itertools import product
from random import Random

from attrs import define

from compiling import tried
from coopfx.desk.versions import Statute
from coopfx.ground.report import Severity
from coopfx.language.operations import AGGREGATES
from coopfx.plugged.world import World
from figures import GROUPS, LITERALS
from origins import GIVING, HALVES, KITTY, Origins

SET_ASIDE = ("legal_reserve", "work_share_minimum", "work_share_keys", "half_of_the_capital")
"""Rules of a law, and a form that it permits, that a statute under it may set aside."""
HEAD = 'statute "Generated"\ncurrency EUR\nin force from 2020-01-01\n'
DECLARED = """
input target_margin : number
input ready : yes/no
input town : text "where the cooperative is"
input founded : date
input delay : months
input patience : days
input bonus_pool : money
input windfall : money >= 0 EUR included in bonus_pool
input pot_a : money
input pot_b : money
input pot_c : money
input pot_d : money
input floor_space : money measure "what the workshop would cost to build again"
input highest_pot : money >= 0 EUR >= pot_a measure
input lent : money of person >= 0 EUR <= highest_pot
input score : number of person
input part_time : number of person >= 0% <= 100%
input grade : whole of person
input hourly_pay : EUR per hour of person
input hired_on : date of person
input risk : number of team >= 0
record site "a place of work"
input site : site of team
input region : text of site
input area : number of site >= 0
parameter floor_pay : money never falling "lowest pay"
  from 2012-01-01: 9.5 EUR ref "first"
  from 2022-01-01: 12.25 EUR ref "second" to confirm
parameter index_rate : number
  from 2019-06-01: 1.02 ref "first"
account capital of person "members' capital"
account savings of person >= -100 EUR
account chest of team
account solidarity
account kitty "what is put by"
account common_investment
account vault indivisible >= 0 EUR
define put_by = all of savings of person for each person
"""
POTS = ("pot_a", "pot_b", "pot_c", "pot_d")
OWN_ACCOUNTS = ("solidarity", "village_hall", KITTY, "vault")
LAST_ACCOUNTS = ("share_repayment", "reserves.development", "gifts")
"""The accounts to which clauses give that take from another account."""
SURPLUS_ACCOUNTS = ("work_share", "share_interest", "reserves.legal", "reserves.development")
RATES = ("5", "10", "15", "20", "30", "12.5", "33")
# Rules that many statutes keep in every year, and some break in few.
KEPT = (
    "work_share of person >= 0 EUR for each person",
    "sum of work_share of person over people <= work_share",
    "closing capital of person >= opening capital of person for each person",
    "sum of closing capital of person over people >= sum of opening capital of person over people",
    "max of work_share of person over people <= max(surplus, 0 EUR)",
    "min of work_share of person over people <= 250 EUR",
    "max of work_share of person over workers <= 3 * min of work_share of person over workers",
    "work_share of person <= 30% of salary for each person",
    "share_interest >= 0 EUR",
    "work_share >= 25% of surplus when surplus > 0 EUR",
    "work_share <= 50% of surplus when surplus > 0 EUR",
    "common_investment >= 0 EUR when min of result over teams >= 0 EUR",
    "common_investment <= 0 EUR when max of result over teams <= 0 EUR",
    "floor_pay at founded + work_share >= 10 EUR when founded >= 2016-01-01",
    "part_time * (1 + work_share of person / 1 EUR) >= 0 for each person",
    "founded + 6 months > founded or work_share >= 0 EUR",
    "reserves <= surplus when surplus >= 0 EUR",
    "sum of work_share of person over people of team >= 0 EUR for each team",
)
ORIGINS = {"M403", "M416", "M417", "M418", "M421"}
"""That clauses do not say where they take their money, or take more than the whole of it."""
MISTAKES = ORIGINS | {"L534", "M401", "M402", "M404", "M405", "M406", "M407", "M412"}
MISTAKES |= {"N205", "T308"}
"""What a drawn statute may be guilty of beside: money over- or under-allocated or given out twice,
circles, an account that is fed by items which read it, steps out of order, a step that is none."""


_COMPILED: dict[str, tuple[World, Statute | None]] = {}
_MOST_COMPILED = 200


def compiled(text: str, world: World) -> Statute | None:
    """A drawn statute; None where it is drawn with a mistake. The first hundreds are compiled once."""
    known = _COMPILED.get(text)
    if known is not None and known[0] is world:
        return known[1]
    statute = _compiled(text, world)
    if len(_COMPILED) < _MOST_COMPILED:
        _COMPILED[text] = world, statute
    return statute


def _compiled(text: str, world: World) -> Statute | None:
    statute, report = tried(text, world)
    if statute is None:
        errors = [item for item in report.diagnostics if item.severity is Severity.ERROR]
        told = [world.words("en").message(item) for item in errors]
        assert {item.code for item in errors} <= MISTAKES, [*told, text]
    return statute


def statute(seed: int, world: World) -> Statute | None:
    """The first statute of a seed; None where it is drawn with a mistake."""
    drawn = Statutes.of(seed)
    return compiled(drawn.filled(drawn.text(), varied=False), world)


def alike(seed: int, world: World, count: int = 4) -> list[Statute]:
    """Statutes whose programs have one shape, drawn from a seed; none where it is drawn with a mistake."""
    drawn = Statutes.of(seed)
    text = drawn.text()
    tried = [compiled(drawn.filled(text, varied=number > 0), world) for number in range(count)]
    found = [one for one in tried if one is not None]
    return [one for one in found if one.program.shape == found[0].program.shape]


OWN_GROUPS = {"large_teams": "teams", "elders": "workers"}
"""The groups that a statute may speak of, which it draws where it is a whole one."""


@define
class Statutes(Origins):
    """Draws one statute: a text in which ``{0}``, ``{1}``, … stand for constants.

    What chance alone would leave out comes in its ``turn``, from seed to seed.
    """

    turn: int = 0

    @classmethod
    def of(cls, seed: int) -> "Statutes":
        """The statutes of a seed."""
        return cls(Random(seed), turn=seed)

    def text(self) -> str:
        """A whole statute."""
        parts = [HEAD, DECLARED, 'article 1 "Figures" ref "as adopted"']
        parts.append(f'  group large_teams = teams where {self.condition("team", 1)} "large ones"')
        parts.append(f"  group elders = workers where {self.condition('person', 1)}")
        for number in range(self.random.randint(2, 6)):
            draw = self.random.choice([self.definition, self.scale, self.decide])
            parts.append(draw(number))
        parts += [HALVES, 'article 2 "Money"', *self.money(), 'article 3 "Rules"']
        self.after_money = True
        parts += [self.rule(number) for number in range(self.random.randint(1, 4))]
        parts.append(self.in_turn())
        for number in range(self.random.randint(0, 3)):
            parts.append(self.indicator(number))
        if self.maybe(0.3):
            parts.append(self.example())
        return "\n".join(parts) + "\n"

    def under_law(self, law: str = "fr.scop") -> str:
        """A statute that shares the surplus in any way, lawful or not, under a law."""
        head = HEAD.replace('"Generated"', f'"Generated" under {law}')
        shared = self.allocation("surplus", SURPLUS_ACCOUNTS)
        aside = "".join(
            f'  set aside {law}.{name} "drawn"\n' for name in SET_ASIDE if self.maybe(0.15)
        )
        groups = "".join(
            f"  group {name} = {of} where 1 = 1\n"
            for name, of in OWN_GROUPS.items()
            if name in shared
        )
        return f'{head}{DECLARED}article 1 "Money"\n{groups}{aside}{shared}\n'

    def label(self) -> str:
        """What a clause says of itself to people, or nothing."""
        return ' "in words"' if self.maybe(0.2) else ""

    # ---- figures

    def definition(self, number: int) -> str:
        record = self.random.choice([None, None, "person", "team"])
        sort = self.random.choice(["money", "number", "yes_no"])
        expression = self.value(sort, record, 3)
        self.names.setdefault((record, sort), []).append(f"figure_{number}")
        return f"  define figure_{number} = {expression}" + _each(record)

    def scale(self, number: int) -> str:
        record = self.random.choice([None, "person", "person", "team", "team"])
        by, sort = self.random.choice(["money", "number", "months"]), "number"
        if by == "months" and record == "team":
            by = "number"
        if self.maybe(0.3):
            sort = "money"
        starts = ["0", "3", "6", "12", "100", "1000"]
        chosen = sorted(self.random.sample(range(6), self.random.randint(1, 4)))
        head = f"  scale figure_{number} by {self.value(by, record, 1)}"
        lines = [f"{head}{_each(record)}{self.label()}"]
        for place in chosen:
            word = self.random.choice(["from", "from", "above"])
            start = self.leaf(by, record) if self.maybe(0.1) else starts[place] + LITERALS[by]
            lines.append(f"    {word} {start}: {self.value(sort, record, 1)}")
        if self.maybe(0.5):
            lines.append(f"    otherwise {self.value(sort, record, 1)}")
        self.names.setdefault((record, sort), []).append(f"figure_{number}")
        return "\n".join(lines)

    def decide(self, number: int) -> str:
        sort = self.random.choice(["money", "number"])
        low, high = self.literal(sort), self.literal(sort)
        if self.maybe(0.3):
            low, high = ("0 EUR", "5% of turnover") if sort == "money" else ("25%", "attendance")
        otherwise = f" otherwise {self.value(sort, None, 1)}" if self.maybe(0.6) else ""
        self.names.setdefault((None, sort), []).append(f"figure_{number}")
        bounds = f"at least {low}" if self.maybe(0.2) else f"between {low} and {high}"
        return f"  decide figure_{number} {bounds}{otherwise}{self.label()}"

    # ---- money

    def money(self) -> list[str]:
        """The clauses that move money: one source each."""
        pots = list(POTS)
        self.random.shuffle(pots)
        parts = [self.allocation("surplus", SURPLUS_ACCOUNTS, when=self.maybe(0.3))]
        if self.maybe(0.3):
            parts[0] = parts[0].replace("allocate surplus\n", "allocate surplus when ready\n", 1)
            parts.append(self.allocation("surplus", SURPLUS_ACCOUNTS, when=True))
        inside = self.maybe(0.2)
        parts.append(self.split_inside("work_share") if inside else self.split("work_share"))
        self.received = ["work_share"]
        clauses: list[tuple[float, Callable[[], str]]] = [
            (0.6, lambda: self.split(pots.pop())),
            (0.5, lambda: self.split("share_interest")),
            (0.4, lambda: self.allocation(pots.pop(), OWN_ACCOUNTS, when=self.maybe(0.3))),
            (0.6, self.split_inside),
            (0.6, self.allocation_of_each),
            (0.6, self.pool),
            (0.6, lambda: self.split(self.taken(pots.pop()))),
            (0.4, lambda: self.allocation(self.taken(pots.pop()), LAST_ACCOUNTS)),
            (0.3, self.decided),
        ]
        return [*parts, *(draw() for chance, draw in clauses if self.maybe(chance))]

    def decided(self) -> str:
        """A decision in money, and what pays it."""
        place = self.random.choice([*GIVING, "bonus_pool", "windfall"])
        high = f"all of {place}" if place in GIVING else f"max({place}, 0 EUR)"
        bounds = self.random.choice(["at least 0 EUR", f"between 0 EUR and {high}"])
        share = self.split(f"payout from {place}")
        return f"  decide payout {bounds} otherwise {self.hole('10')}% of {high}\n{share}"

    def when(self, chance: float, record: str | None = None) -> str:
        """A condition of a clause, so often."""
        return f" when {self.condition(record, 1)}" if self.maybe(chance) else ""

    def allocation(self, source: str, accounts: tuple[str, ...], *, when: bool = False) -> str:
        lines = [f"  allocate {source}{self.when(when)}"]
        amounts = self.random.choice([["1 / 3 * 100%"] * 3, ["25%"] * 4, ["12.5%", "87.5%"]])
        exact = self.maybe(0.3)
        if not exact:
            amounts = [self.item_amount(None) for _ in range(self.random.randint(1, 4))]
        lines += self.items(amounts, accounts, None, exact=exact)
        if not exact or self.maybe(0.3):
            limits = self.limits(None) if self.maybe(0.2) else ""
            lines.append(f"    rest to {self.random.choice(accounts)}{limits}")
        if self.maybe(0.5):
            lines.append(f"    losses to {self.random.choice(accounts)}")
        return "\n".join(lines)

    def allocation_of_each(self) -> str:
        """An allocation of what each record has received or has."""
        source = self.random.choice([*self.received, "salary"])
        source = source if source == "salary" else f"{source} of person"
        source = self.taken_of_each("person") if self.maybe(0.4) else source
        record, accounts = "person", ("savings of person", "solidarity", "village_hall")
        group = self.random.choice(["person", "worker", "member", "elders"])
        if self.maybe(0.3):
            source = self.taken_of_each("team") if self.maybe(0.5) else "result"
            record, group = "team", self.random.choice(["team", "large_teams"])
            accounts = ("chest of team", "solidarity", "village_hall")
        amounts = [self.item_amount(record) for _ in range(self.random.randint(1, 3))]
        lines = [f"  allocate {source} for each {group}{self.when(0.4, record)}"]
        lines += self.items(amounts, accounts, record, exact=False)
        lines.append(f"    rest to {self.random.choice(accounts)}")
        if self.maybe(0.4):
            lines.append(f"    losses to {self.random.choice(accounts)}")
        return "\n".join(lines)

    def items(
        self, amounts: list[str], accounts: tuple[str, ...], record: str | None, *, exact: bool
    ) -> list[str]:
        lines = []
        for position, amount in enumerate(amounts):
            account = accounts[0 if self.maybe(0.3) else position % len(accounts)]
            if not exact and self.maybe(0.15):
                amount = f"{self.random.choice([50, 33, 100])}% of rest"
            limits = self.limits(record) if self.maybe(0.5) else ""
            if position and " at most" not in limits and self.maybe(0.35 if record else 0.2):
                limits = f" at most {accounts[0]} so far{limits}"
            if self.maybe(0.45):
                limits += f" until {self.value('money', record, 1)}"
                if self.maybe(0.6):
                    limits += f" then to {self.random.choice(accounts)}"
            lines.append(f"    {amount} to {account}{limits}")
        return lines

    def item_amount(self, record: str | None) -> str:
        kind = self.random.random()
        if kind < 0.6:
            return self.hole(self.random.choice(RATES)) + "%"
        return f"({self.value('money' if kind < 0.8 else 'number', record, 1)})"

    def limits(self, record: str | None) -> str:
        """What limits an item."""
        found = ""
        for chance, word in ((0.4, "at most"), (0.3, "at least")):
            if self.maybe(chance):
                bound = self.value("money", record, 1)
                found += f" {word} {self.literal('money') if self.maybe(0.5) else f'({bound})'}"
        return found + self.when(0.5, record)

    def group(self) -> str:
        """A group of people, narrowed or not."""
        group = self.random.choice(GROUPS["person"])
        return f"({group} where {self.condition('person', 1)})" if self.maybe(0.3) else group

    def split(self, source: str) -> str:
        account = self.random.choice(["savings", "capital"])
        into = f" to {account} of person" if self.maybe(0.3) else ""
        return self.shared(f"  share {source} among {self.group()}{into}{self.when(0.15)}")

    def split_inside(self, source: str | None = None) -> str:
        """A split among teams, and inside each of what it received; or inside each of any amount."""
        lines = []
        if source is not None:
            by = self.random.choice(["by headcount", "by risk", "equally"])
            lines.append(f"  share {source} among teams\n    {by}")
        else:
            source = self.taken_of_each("team")
        head = f"  share {source} among {self.group()} of each team{self.when(0.15)}"
        return "\n".join([*lines, self.shared(head)])

    def shared(self, head: str) -> str:
        """The lines of a share."""
        figures = ["salary", "hours", "shares_held", "full_time_pay", "seniority", "salary / hours"]
        one, two = self.random.choice(figures), self.random.choice(figures)
        first = self.random.choice([50, 30, 75])
        lines = self.random.choice(
            [
                [f"by {one}"],
                ["equally"],
                [f"{first}% by {one}", f"{100 - first}% by {two}"],
                ["40% by salary", "30% by hours", "30% equally"],
                [
                    f"{self.hole('2')} * 25% by salary",
                    f"({self.value('number', None, 1)}) by shares_held",
                ],
            ]
        )
        for chance, choices in (
            (0.3, [f"multiplied by {self.coefficient()}"]),
            (0.4, [f"at most {cap} each" for cap in self.caps()]),
            (0.25, [f"paid from {least} up" for least in self.smallest()]),
            (0.25, ["alike"]),
            (0.4, [f"excess to {account}" for account in OWN_ACCOUNTS]),
        ):
            if self.maybe(chance):
                lines.append(self.random.choice(choices))
        return "\n".join([head, *(f"    {line}" for line in lines)])

    def coefficient(self) -> str:
        drawn = f"({self.value('number', 'person', 1)})"
        chosen = ["score", "(if member then 2 else 1)", "min(seniority / 7 months, 2)", drawn]
        return self.random.choice(chosen)

    def caps(self) -> list[str]:
        drawn = f"({self.value('money', 'person', 1)})"
        return ["0.01 EUR", "0.015 EUR", "10% of salary", "20 EUR", "shares_held", drawn]

    def smallest(self) -> list[str]:
        return ["0.02 EUR", "0.014 EUR", "10 EUR", f"({self.literal('money')} / 7)", "floor_pay"]

    def pool(self) -> str:
        kept = self.hole(self.random.choice(["15", "0", "100", "33.3"])) + "%"
        group = self.random.choice(GROUPS["team"])
        losses = "\n    losses kept" if self.maybe(0.5) else ""
        return (
            f"  pool result of {group}\n    {kept} kept by each{losses}\n"
            "    rest to common_investment"
        )

    # ---- what judges

    def rule(self, number: int) -> str:
        strength = self.random.choice(["require", "recommend"])
        if self.maybe(0.4):
            return f"  {strength} rule_{number}: {self.random.choice(KEPT)}{self.label()}"
        record = self.random.choice([None, None, "person", "worker", "team", "subsidiary", "site"])
        scope = "person" if record == "worker" else record
        text = f"  {strength} rule_{number}: {self.condition(scope, 2)}{_each(record)}"
        text += self.when(0.4, scope)
        if self.maybe(0.3):
            text += f" unless {self.condition(scope, 1)}"
        return text + self.label()

    def in_turn(self) -> str:
        """A rule on one of the aggregates, in all or along a link."""
        ways = [*product(AGGREGATES, [None, "team"])]
        kind, along = ways[self.turn % len(ways)]
        return f"  recommend in_turn: {self.aggregate('number', along, 1, kind)} >= 0{_each(along)}"

    def indicator(self, number: int) -> str:
        sort = self.random.choice(["money", "number"])
        pillar = " in democracy" if self.maybe(0.5) else ""
        value = self.value(sort, None, 2)
        if sort == "number" and number == 1:
            # What is counted has no unit of its own.
            value = 'count over workers measured in "m²"'
        text = f'  indicator "I{number}"{pillar} = {value}'
        if self.maybe(0.5):
            text += (
                f" target {self.random.choice(['', 'at least ', 'at most '])}{self.literal(sort)}"
            )
            text += self.random.choice(["", " by the end of 2030"])
        elif self.maybe(0.5):
            text += self.random.choice([" higher is better", " lower is better"])
        if self.maybe(0.3):
            text += f' formerly "J{number}", "K{number}"'
        if self.maybe(0.3):
            text += f' series break in {2000 + number} "counted anew"'
        return text

    def example(self) -> str:
        sums = ["salary of p1 >= 0 EUR", "count_me of p1 < 0", "work_share of p1 >= 1 EUR"]
        return "\n".join(
            [
                "  define count_me = grade + 1 for each person",
                '  example "one of them"',
                "    given surplus = 1 000 EUR, opening reserves.legal = 1 EUR",
                "    given person | salary",
                "      p1 | 1 EUR",
                f"    expect {self.random.choice(sums)}",
                "    expect rule_0 satisfied",
            ]
        )


def _each(record: str | None) -> str:
    return f" for each {record}" if record else ""
