"""Amounts with the place that they are taken from, drawn: a part of one origin, or any amount from one.

A new way to say where money comes from is drawn here, and nowhere else.
"""

from attrs import define

from figures import Figures

KITTY = "kitty"
"""An account that many clauses feed and take from."""
GIVING = (KITTY, "solidarity", "reserves.development")
"""The accounts that drawn clauses take from, by what they hold of this year, before it, or in all."""
HALVES = """  define half_of_pot = 50% of pot_a
  define half_again = half_of_pot
  define most_of_kitty = (60% of all of kitty) rounded down to 1 EUR"""
"""Amounts whose origin is said by what they name, one and two names deep."""
PARTS = ("5", "10", "25", "30", "50", "60", "100")
OF_EACH = {
    "person": ("salary", "capital of person", "savings of person"),
    "team": ("result", "chest of team"),
}
"""What each record gives of its own: figures, and accounts."""


@define
class Origins(Figures):
    """Draws what clauses take, with its origin."""

    def taken(self, figure: str) -> str:
        """An amount of the cooperative that is one origin, or says from where it is taken."""
        if self.maybe(0.4):
            return self.part(figure)
        if self.maybe(0.5):
            return self.part(self.random.choice([self.balance(), self.balance(), *self.halves()]))
        amount = self.random.choice([self.value("money", None, 2), self.sum_of_few()])
        return self.bounded(amount, self.random.choice([figure, *GIVING, "windfall", "charges"]))

    def taken_of_each(self, record: str) -> str:
        """An amount of each record, which says from where it is taken."""
        place = self.random.choice([*OF_EACH[record], KITTY, "charges"])
        if " of " in place and self.maybe(0.3):
            return self.part(self.random.choice(["", "opening ", "all of "]) + place)
        amount = self.value("money", record, 1)
        if self.maybe(0.3):
            amount = self.literal("money")
        return self.bounded(amount, place)

    def part(self, origin: str) -> str:
        """All of one origin, or a part of it."""
        percent = self.hole(self.random.choice(PARTS))
        rounding = f"rounded {self.random.choice(['down', 'half up'])} to {self.hole('1')} EUR"
        return self.random.choice(
            [
                *[origin, origin, f"{percent}% of {origin}", f"{percent}% of {origin}"],
                *[f"attendance * {origin}", f"({percent}% of {origin}) {rounding}"],
            ]
        )

    def balance(self) -> str:
        """What of an account an amount is a part of."""
        return self.random.choice(["", "opening ", "all of "]) + self.random.choice(GIVING)

    def halves(self) -> list[str]:
        return ["half_of_pot", "half_again", "most_of_kitty"]

    def sum_of_few(self) -> str:
        """An amount that most origins cover."""
        drawn = self.random.choice(["0.02", "3", "12", "100"])
        return self.hole(drawn) + " EUR"

    def bounded(self, amount: str, place: str) -> str:
        """An amount from a place, as it is or within what is there."""
        holds = f"all of {place}" if place in GIVING or " of " in place else place
        if place != "charges" and self.maybe(0.4):
            amount = f"min({amount}, {self.hole('40')}% of {holds})"
        if self.maybe(0.5):
            amount = f"max({amount}, 0 EUR)"
        return f"{amount} from {place}"
