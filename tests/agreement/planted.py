"""Planted violations of the laws, and lawful neighbours at their very edge: five of each a rule.

Each is a statute of one allocation; beside it stands the rule that some year breaks, or none does.
"""

from collections.abc import Iterator

from attrs import frozen


@frozen
class Planted:
    """A statute's lines under a law, and the rule that they break or keep."""

    law: str
    rule: str
    items: tuple[str, ...]

    def text(self) -> str:
        """The statute."""
        lines = "".join(f"    {item}\n" for item in self.items)
        return (
            f'statute "Elm" under {self.law}\ncurrency EUR\nin force from 2022-01-01\n'
            f'article 1 "Sharing"\n  allocate surplus\n{lines}'
            "    losses to losses_brought_forward\n"
        )

    def name(self) -> str:
        """What a test is called by."""
        return f"{self.rule}: {', '.join(self.items)}"


_LEGAL = "15% to reserves.legal until highest_share_capital then to reserves.development"
_REST = "rest to reserves.development"
_SCOP = {
    "fr.scop.work_share_minimum": (
        ("{} to work_share", _LEGAL, _REST),
        ("24.99%", "24%", "20%", "10%", "min(25% of surplus, 1 000 000 EUR)"),
        ("25%", "25.01%", "26%", "60%", "max(25% of surplus, 10 EUR)"),
    ),
    "fr.scop.legal_reserve": (
        ("25% to work_share", "{} then to reserves.development", _REST),
        (
            "14.99% to reserves.legal until highest_share_capital",
            "14% to reserves.legal until highest_share_capital",
            "1% to reserves.legal until highest_share_capital",
            "15% to reserves.legal until share_capital",
            "15% to reserves.legal until 99% of highest_share_capital",
        ),
        (
            "15% to reserves.legal until highest_share_capital",
            "15.01% to reserves.legal until highest_share_capital",
            "16% to reserves.legal until highest_share_capital",
            "15% to reserves.legal until max(share_capital, highest_share_capital)",
            "15% to reserves.legal until 101% of highest_share_capital",
        ),
    ),
    "fr.scop.development_fund": (
        ("15% to reserves.legal", "{}", "rest to work_share"),
        (
            "1% to share_interest",
            "10% to share_interest",
            "0.001% to reserves.development",
            "1% to reserves.development when surplus >= 1 000 EUR",
            "1% to reserves.development until 10 000 EUR",
        ),
        (
            "0.01% to reserves.development",
            "0.02% to reserves.development",
            "1% to reserves.development",
            "1 EUR to reserves.development",
            "1% to reserves.development when surplus >= 100 EUR",
        ),
    ),
    "fr.scop.interest_within_reserves": (
        (
            "25% to work_share",
            "15% to reserves.legal",
            "{} to share_interest",
            "rest to work_share",
        ),
        ("15.01%", "15.1%", "16%", "30%", "max(15% of surplus, 100 EUR)"),
        ("15%", "14.99%", "14%", "1%", "min(15% of surplus, 100 EUR)"),
    ),
    "fr.scop.interest_within_work_share": (
        ("25% to work_share", "{} to share_interest", _REST),
        ("25.01%", "25.1%", "26%", "40%", "max(25% of surplus, 100 EUR)"),
        ("25%", "24.99%", "24%", "1%", "min(25% of surplus, 100 EUR)"),
    ),
}
_HALF = "50% of rest to reserves.development"
_SCIC = {
    "fr.scic.legal_reserve": (
        ("{}", _REST),
        (
            "14.99% to reserves.legal",
            "14% to reserves.legal",
            "10% to reserves.legal",
            "15% to reserves.legal when opening reserves < 99% of share_capital",
            "15% to reserves.legal until 99% of share_capital",
        ),
        (
            "15% to reserves.legal",
            "15.01% to reserves.legal",
            "20% to reserves.legal",
            "15% to reserves.legal when opening reserves < share_capital",
            "max(15% of surplus, 100 EUR) to reserves.legal",
        ),
    ),
    "fr.scic.statutory_reserve": (
        ("15% to reserves.legal", "{}", _REST),
        (
            "42.51% to share_interest",
            "43% to share_interest",
            "50% to share_interest",
            "51% of rest to share_interest",
            "max(42% of surplus, 100 EUR) to share_interest",
        ),
        (
            f"{_HALF}\n    42.5% to share_interest",
            f"{_HALF}\n    42% to share_interest",
            f"{_HALF}\n    99% of rest to share_interest",
            "49% of rest to share_interest",
            "10% to share_interest",
        ),
    ),
    "fr.scic.interest_without_grants": (
        ("15% to reserves.legal", "{} to share_interest", _REST),
        (
            "10%",
            "1%",
            "42% of max(0 EUR, surplus - grants)",
            "51% of max(0 EUR, surplus - grants - 15% of surplus)",
            "min(10% of surplus, 1 000 EUR)",
        ),
        (
            "49% of max(0 EUR, surplus - grants - 20% of surplus)",
            "45% of max(0 EUR, surplus - grants - 20% of surplus)",
            "40% of max(0 EUR, surplus - grants - 20% of surplus)",
            "30% of max(0 EUR, surplus - grants - 20% of surplus)",
            "min(100 EUR, 49% of max(0 EUR, surplus - grants - 20% of surplus))",
        ),
    ),
    "fr.scic.no_refund": (
        ("15% to reserves.legal", "{}", _REST),
        (
            "0.01% to work_share",
            "1% to work_share",
            "25% to work_share",
            "1 EUR to work_share",
            "1% to work_share when surplus >= 1 000 000 EUR",
        ),
        (
            "0% to work_share",
            "0 EUR to work_share",
            "1% to work_share when surplus < 0 EUR",
            "1% to share_interest",
            "min(0 EUR, surplus) to work_share",
        ),
    ),
    "fr.cooperation.levy_on_surplus": (
        ("{} to share_interest", "rest to reserves.legal"),
        ("85.01%", "85.1%", "86%", "100% of rest", "max(85% of surplus, 1 000 EUR)"),
        ("84.99%", "84%", "80%", "50% of rest", "min(84% of surplus, 1 000 EUR)"),
    ),
}
_EUSKADI = {
    "es.euskadi.compulsory_reserve": (
        ("{} to reserves.legal", "10% to cofip", _REST),
        ("19.99%", "19%", "10%", "min(20% of surplus, 1 000 000 EUR)", "19.999%"),
        ("20%", "20.01%", "21%", "max(20% of surplus, 10 EUR)", "30% of rest"),
    ),
    "es.euskadi.allocation_to_cofip": (
        ("25% to reserves.legal", "{} to cofip", _REST),
        ("9.99%", "9%", "5%", "4.99%", "min(10% of surplus, 1 000 000 EUR)"),
        ("10%", "10.01%", "11%", "max(10% of surplus, 10 EUR)", "20% of rest"),
    ),
    "es.euskadi.thirty_percent": (
        ("{}", _REST),
        (
            "20% to reserves.legal\n    9.99% to cofip",
            "19.99% to reserves.legal\n    10% to cofip",
            "20% to reserves.legal\n    5% to cofip",
            "24% to reserves.legal\n    5% to cofip",
            "20% to reserves.legal\n    10% of rest to cofip",
        ),
        (
            "30% to reserves.legal\n    10% to cofip",
            "25% to reserves.legal\n    10% to cofip",
            "26% to reserves.legal\n    10% to cofip",
            "30% to reserves.legal\n    5% to cofip",
            "max(25% of surplus, 10 EUR) to reserves.legal\n    10% to cofip",
        ),
    ),
}
_ITALIAN = ("30% to reserves.legal", "3% to mutual_funds")
_REFUND = "max(0 EUR, 30% of sum of salary over (workers where member))"
_DIVIDEND = "max(0 EUR, (postal_bond_interest + 2.5%) * paid_up_capital)"
_COOPERATIVE = {
    "it.cooperative.thirty_percent_to_legal_reserve": (
        ("{}", "3% to mutual_funds", _REST),
        (
            "29.99% to reserves.legal",
            "29% to reserves.legal",
            "20% to reserves.legal",
            "30% to reserves.legal until share_capital",
            "min(30% of surplus, 1 000 000 EUR) to reserves.legal",
        ),
        (
            "30% to reserves.legal",
            "30.01% to reserves.legal",
            "31% to reserves.legal",
            "50% of rest to reserves.legal",
            "max(30% of surplus, 10 EUR) to reserves.legal",
        ),
    ),
    "it.cooperative.three_percent_to_mutual_funds": (
        ("30% to reserves.legal", "{} to mutual_funds", _REST),
        ("2.99%", "2%", "1%", "4.2% of rest", "min(3% of surplus, 1 000 000 EUR)"),
        ("3%", "3.01%", "4%", "4.3% of rest", "max(3% of surplus, 10 EUR)"),
    ),
    "it.cooperative.dividend_cap": (
        (*_ITALIAN, "{} to share_interest", _REST),
        (
            "10%",
            "1%",
            "1 EUR",
            _DIVIDEND.replace("2.5%", "2.51%"),
            _DIVIDEND.replace("2.5%", "3.5%"),
        ),
        (
            f"min(67% of surplus, {_DIVIDEND})",
            f"min(67% of surplus, {_DIVIDEND.replace('2.5%', '2.49%')})",
            f"min(10% of surplus, {_DIVIDEND})",
            f"min(1 EUR, {_DIVIDEND})",
            f"min(10% of surplus, {_DIVIDEND.replace('2.5%', '0%')})",
        ),
    ),
    "it.cooperative.equity_above_a_quarter_of_debt": (
        (*_ITALIAN, "1% to share_interest{}", _REST),
        (
            "",
            " when net_equity >= 25% of total_debt",
            " when net_equity > 24.99% of total_debt",
            " when net_equity > 24% of total_debt",
            " when net_equity > 0 EUR",
        ),
        (
            " when net_equity > 25% of total_debt",
            " when net_equity > 25.01% of total_debt and net_equity > 0 EUR",
            " when net_equity > 26% of total_debt and net_equity > 0 EUR",
            " when net_equity > total_debt and net_equity > 0 EUR",
            " when 25% of total_debt < net_equity",
        ),
    ),
}
_LAVORO = {
    "it.lavoro.refund_within_thirty_percent": (
        (*_ITALIAN, "{} to work_share", _REST),
        (
            "40%",
            "1%",
            "1 EUR",
            _REFUND.replace("30%", "30.01%"),
            _REFUND.replace("(workers where member)", "workers"),
        ),
        (
            f"min(67% of surplus, {_REFUND})",
            f"min(67% of surplus, {_REFUND.replace('30%', '29.99%')})",
            f"min(67% of surplus, {_REFUND.replace('30%', '29%')})",
            f"min(40% of surplus, {_REFUND})",
            f"min(1 EUR, {_REFUND})",
        ),
    ),
}
_LAWS = (
    ("fr.scop", _SCOP),
    ("fr.scic", _SCIC),
    ("es.euskadi", _EUSKADI),
    ("it.cooperative", _COOPERATIVE),
    ("it.lavoro", _LAVORO),
)


def planted(*, lawful: bool) -> Iterator[tuple[int, Planted]]:
    """Every statute, with its place among the five of its rule."""
    for law, rules in _LAWS:
        for rule, (lines, *choices) in rules.items():
            for place, choice in enumerate(choices[lawful]):
                items = tuple(line.replace("{}", choice) for line in lines)
                yield place, Planted(law, rule, items)
