"""The mapping from accounts to figures, and what is told of one that is amiss."""

from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve
from conftest_fec import FIGURES, LINES, Found, Line, text

from coopfx.ground.report import Report
from coopfx_fec.mapping import DEFAULT, default_mapping, read_mapping

Read = Callable[..., Found]
OWN = """
opening_journals = ["AN"]
passed_over = ["2", "3", "4", "5"]
[facts]
chiffre_d_affaires = { accounts = ["70"], side = "credit", at = "movement" }
result = { accounts = ["6", "7"], except = ["601"], side = "credit", at = "movement" }
surplus = { sum = ["result"], covers = "losses" }
[balances]
losses = { accounts = ["119"], side = "credit", at = "opening", absent = "zero" }
"""


def test_the_default_names_what_the_law_of_the_scop_knows() -> None:
    assert set(default_mapping().lines) == {
        *FIGURES,
        *("reserves.legal", "reserves.development", "losses_brought_forward"),
        *("work_share", "share_interest"),
    }


def test_what_the_statute_does_not_know_is_not_given(found: Read) -> None:
    read = found(text(), fields=("surplus",), accounts=("losses_brought_forward",))
    assert read.figures == {
        "surplus": "749.50",
        "losses_brought_forward": "0.00",
        "closing": "2024-12-31",
    }
    assert read.codes == []


def test_a_mapping_of_ones_own_is_taken_as_it_is_written(found: Read) -> None:
    read = found(text(), mapping=OWN)
    assert read.figures == {
        "chiffre_d_affaires": "1000.00",
        "result": "1000.00",
        "surplus": "1000.00",
        "losses": "0.00",
        "closing": "2024-12-31",
    }


def test_accounts_that_no_line_names_are_told_with_the_largest_first(found: Read) -> None:
    lines = (
        *LINES[:2],
        evolve(LINES[2], account="106800", credit="300,00"),
        evolve(LINES[2], account="104100", credit="200,00"),
        *LINES[3:],
    )
    read = found(text(lines))
    (told,) = (one for one in read.report.diagnostics if one.code == "fec.N01")
    largest = told.arguments["accounts"]
    assert isinstance(largest, tuple)
    assert [one.arguments["number"] for one in largest] == ["106800", "104100"]


LOSSES = (  # prior losses, covered by a gain
    ("300,00", {"surplus": "449.50", "losses_brought_forward": "-300.00"}),
    ("749,50", {"surplus": "0.00", "losses_brought_forward": "-749.50"}),
    ("900,00", {"surplus": "0.00", "losses_brought_forward": "-900.00"}),
)


@pytest.mark.parametrize(("losses", "expected"), LOSSES)
def test_a_gain_covers_prior_losses_first(
    losses: str, expected: dict[str, str], found: Read
) -> None:
    more = (
        Line("AN", "1", "20240101", "119000", losses),
        Line("AN", "1", "20240101", "165000", credit=losses),
    )
    read = found(text((*LINES[:3], *more, *LINES[3:])))
    assert {name: read.figures[name] for name in expected} == expected


def test_a_statute_that_covers_losses_itself_is_given_the_result(found: Read) -> None:
    more = (
        Line("AN", "1", "20240101", "119000", "300,00"),
        Line("AN", "1", "20240101", "165000", credit="300,00"),
    )
    content = text((*LINES[:3], *more, *LINES[3:]))
    accounts = ("losses_brought_forward",)
    read = found(content, fields=("surplus",), accounts=accounts)
    assert read.figures["surplus"] == "749.50"


def test_a_work_share_that_is_a_cost_is_put_back_and_told(found: Read) -> None:
    more = (
        Line("OD", "9", "20241231", "691000", "400,00"),
        Line("OD", "9", "20241231", "428400", credit="400,00"),
    )
    read = found(text((*LINES, *more)))
    assert read.figures["accounting_result"] == "349.50"
    assert read.figures["work_share_expensed"] == "400.00"
    assert read.figures["surplus"] == "749.50"
    assert read.codes == ["N02"]


def test_a_loss_stays_what_it_is(found: Read) -> None:
    more = (
        Line("OD", "9", "20241231", "641000", "1000,00"),
        Line("OD", "9", "20241231", "421000", credit="1000,00"),
    )
    assert found(text((*LINES, *more))).figures["surplus"] == "-250.50"


AMISS = {
    "an unknown table": ("[figures]\n", ["E18"]),
    "an unknown key": (
        '[facts]\nsurplus = { account = ["7"], side = "credit" }\n',
        ["E18", "E19"],
    ),
    "no side": ('[facts]\nsurplus = { accounts = ["7"] }\n', ["E19"]),
    "a side that is none": ('[facts]\nsurplus = { accounts = ["7"], side = "left" }\n', ["E19"]),
    "a time that is none": (
        '[facts]\nsurplus = { accounts = ["7"], side = "debit", at = "noon" }\n',
        ["E19"],
    ),
    "accounts as numbers": ('[facts]\nsurplus = { accounts = [7], side = "debit" }\n', ["E19"]),
    "accounts and a sum": (
        '[facts]\nsurplus = { accounts = ["7"], side = "debit", sum = ["turnover"] }\n',
        ["E19"],
    ),
    "a sum of what is not there": ('[facts]\nsurplus = { sum = ["resultt"] }\n', ["E18"]),
    "a sum of itself": ('[facts]\nsurplus = { sum = ["surplus"] }\n', ["E18"]),
    "a journal without quotation marks": ("opening_journals = AN\n", ["D710"]),
    "a number to book to": ("[booking]\ngain = 120\n", ["E19"]),
    "an endless nesting": ("facts = " + "{a=" * 400 + "1" + "}" * 400, ["D710"]),
}


@pytest.mark.parametrize("name", AMISS)
def test_a_mapping_that_is_amiss_is_told_at_its_line(name: str, found: Read) -> None:
    content, codes = AMISS[name]
    read = found(text(), mapping=content)
    assert sorted(set(read.codes)) == codes and set(read.figures) == {"closing"}
    assert all(
        item.span and item.span.file.endswith("accounts.toml") for item in read.report.diagnostics
    )


def test_the_nearest_known_name_is_proposed(found: Read) -> None:
    read = found(text(), mapping='[facts]\nsurplus = { sum = ["turnovr"] }\n')
    assert [item.arguments["nearest"] for item in read.report.diagnostics] == [""]
    own = OWN.replace('sum = ["result"]', 'sum = ["resultt"]')
    read = found(text(), mapping=own)
    assert [item.arguments["nearest"] for item in read.report.diagnostics] == ["result"]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.toml"
    outside.write_text('[booking]\ngain = "999"\n')
    year = tmp_path / "policy" / "2024"
    year.mkdir(parents=True)
    (year.parent / "accounts.toml").symlink_to(outside)
    report = Report()
    assert read_mapping(year, report) is None
    assert [item.code for item in report.diagnostics] == ["D730"]


def test_the_years_own_mapping_comes_before_the_policys(tmp_path: Path) -> None:
    year = tmp_path / "2024"
    year.mkdir()
    for folder, account in ((tmp_path, "1201"), (year, "1202")):
        (folder / "accounts.toml").write_text(f'[booking]\ngain = "{account}"\n')
    mapping = read_mapping(year, Report())
    assert mapping is not None and mapping.booking["gain"] == "1202"
    # What the file leaves out is as the default has it.
    assert mapping.booking["loss"] == "129"
    assert mapping.lines == default_mapping().lines
    assert DEFAULT.is_file()
