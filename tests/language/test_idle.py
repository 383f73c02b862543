"""What is in order and changes nothing is told, and only that."""

import pytest

from compiling import tried
from coopfx.ground.report import Report
from coopfx.plugged.world import load_world

WORLD = load_world(Report())
HEAD = 'statute "The Oven"\ncurrency EUR\nin force from 2024-01-01\n'
SHARE = "share work_share among workers {by}\n  at most {most} each\n"


@pytest.mark.parametrize(
    ("by", "most", "codes"),
    [
        ("by hours", "3 * work_share / count over workers", []),
        ("by hours", "10% of work_share", []),
        ("by headcount of team of person", "max(500 EUR, work_share)", []),
        ("by hours", "3 * average of salary over workers", []),
        ("by hours", "work_share", ["M439"]),
        ("by hours", "100% * (2 * work_share)", ["M439"]),
        ("by 2 * turnover", "500 EUR", ["M440"]),
        ("by hours", "3 * average of work_share over workers", ["T323"]),
        ("by hours", "sum of (work_share + surplus) over workers", ["T323"]),
        ("by hours", "sum of headcount of team of person over workers * 1 EUR", []),
    ],
)
def test_a_line_that_changes_nothing_is_told(by: str, most: str, codes: list[str]) -> None:
    report = tried(HEAD + SHARE.format(by=by, most=most), WORLD)[1]
    found = [one.code for one in report.in_order()]
    assert [code for code in found if code in ("M439", "M440", "T323")] == codes, found


def test_a_branch_takes_in_pooled_results_beside_no_other_branch_of_its_account() -> None:
    text = (
        HEAD
        + """pool result of teams
  15% kept by each
  rest to fund.teams
allocate surplus
  rest to {to}
  losses to losses_brought_forward
"""
    )
    for to, codes in (("fund.law", ["M405"]), ("reserves.legal", [])):
        report = tried(text.format(to=to), WORLD)[1]
        assert [one.code for one in report.in_order() if one.code == "M405"] == codes


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("share pot among workers equally", True),
        ("share 50% of nest among people of each team equally", True),
        ("allocate pot\n  rest to reserves.legal\n  losses to reserves.legal", True),
        ("share opening pot among workers equally", False),
        ("share all of pot among workers equally", False),
        (
            "allocate surplus\n  rest to pot\n  losses to pot\nshare pot among workers equally",
            False,
        ),
    ],
)
def test_giving_out_what_nothing_has_put_there_is_told(text: str, told: bool) -> None:
    report = tried(HEAD + "account pot\naccount nest of team\n" + text, WORLD)[1]
    assert ("M443" in [one.code for one in report.in_order()]) is told, report.diagnostics
