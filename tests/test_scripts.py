"""A policy from Python: the version in force, what-ifs, tables, mistakes; page, notebook, README."""

import contextlib
import io
import json
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import coopfx
from coopfx.ground.exact import money, quantity
from coopfx.scripts.tables import _framed, plain

REPOSITORY = Path(__file__).parent.parent
ALMA = REPOSITORY / "policies" / "alma"
HEADING = 'statute "The Oven"\ncurrency EUR\nin force from {start}\n'
SHARES = """
article 1 "Sharing"
  allocate surplus
    {part} to work_share
    rest to reserves.legal
    losses to losses_brought_forward
"""


@pytest.fixture
def oven(tmp_path: Path) -> Path:
    """A policy of two versions: 60 % until 2024, 40 % from then on."""
    folder = tmp_path / "oven"
    for version, start, part in (("2019.", "2019-01-01", "60%"), ("", "2024-01-01", "40%")):
        text = HEADING.format(start=start) + SHARES.format(part=part)
        folder.mkdir(exist_ok=True)
        (folder / f"statute.{version}en.coop").write_text(text, "utf-8")
    for year in ("2023", "2024"):
        (folder / year).mkdir()
        own = f"closing = {year}-12-31\nsurplus = 1000\n"
        (folder / year / "cooperative.toml").write_text(own, "utf-8")
    return folder


def added(year: coopfx.HeldYear, account: str) -> Decimal:
    (row,) = (row for row in year.accounts if row["account"] == account)
    amount = row["added"]
    assert isinstance(amount, Decimal)
    return amount


def test_a_year_is_worked_out_by_the_version_in_force_at_its_closing(oven: Path) -> None:
    policy = coopfx.open(oven)
    assert policy.years == ("2023", "2024")
    assert [str(added(policy.year(year), "work_share")) for year in policy.years] == [
        "600.00",
        "400.00",
    ]
    assert policy.year().closing.year == 2024


def test_a_year_that_only_a_plugin_reads_is_among_the_years(oven: Path) -> None:
    (oven / "2025").mkdir()
    (oven / "2025" / "figures.xlsx").write_bytes(b"")
    assert "2025" in coopfx.open(oven).years


def test_a_policy_may_be_in_memory_alone(oven: Path) -> None:
    files = {
        path.relative_to(oven).as_posix(): path.read_text("utf-8")
        for path in oven.rglob("*")
        if path.is_file()
    }
    year = coopfx.open(files).with_(surplus=500).year("2023")
    assert added(year, "work_share") == 300
    with pytest.raises(ValueError, match="leads out"):
        coopfx.open({"../statute.en.coop": ""})


def test_what_ifs_leave_the_policy_as_it_is(oven: Path) -> None:
    year = coopfx.open(oven).year("2024")
    assert added(year.amended({"40%": "70%"}), "work_share") == 700
    assert added(year.with_(surplus="2 000 EUR"), "work_share") == 800
    assert added(year.with_(surplus=2000).amended({"40 %": "70%"}), "work_share") == 1400
    other = (oven / "statute.en.coop").read_text("utf-8").replace("40%", "10%")
    assert added(year.amended({"statute.en.coop": other}), "work_share") == 100
    opened = year.with_({"reserves.legal": Decimal("12.50")})
    assert [row["opening"] for row in opened.accounts if row["account"] == "reserves.legal"] == [
        Decimal("12.50")
    ]
    assert added(year, "work_share") == 400 and year.outcome.provenance.changes == ()
    assert "as the scenario sets it" in str(year.with_(surplus=1).why("surplus"))
    alma = coopfx.open(ALMA).year().with_({"réserves.légale": 0})
    assert "réserves.légale = 0,00\u00a0€, selon le scénario" in str(alma.why("réserves.légale"))
    assert "A scenario" in str(opened) and "A scenario" not in str(year)


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda policy: policy.year("2031"), "P904"),
        (lambda policy: policy.year().why("work_shar"), "P912"),
        (lambda policy: policy.with_(surplu=1).year(), "D701"),
        (lambda policy: policy.with_(surplus=0.1).year(), "D702"),
        (lambda policy: policy.amended({"41%": "50%"}), "P990"),
        (lambda policy: policy.amended({"to": "from"}), "P991"),
        (lambda policy: policy.amended({"40%": "40"}).year(), "M401"),
        (lambda policy: coopfx.open(policy.path / "none"), "P901"),
        (lambda policy: coopfx.open(policy.path / "2024"), "P923"),
    ],
)
def test_a_mistake_is_one_exception_that_says_what_the_terminal_says(
    ask: Callable[[coopfx.HeldPolicy], object], code: str, oven: Path
) -> None:
    with pytest.raises(coopfx.PolicyError) as raised:
        ask(coopfx.open(oven))
    assert code in raised.value.codes, raised.value
    assert code in str(raised.value) and raised.value.diagnostics


def test_a_check_runs_the_examples_and_returns_the_remarks(oven: Path) -> None:
    statute = oven / "statute.en.coop"
    statute.write_text(statute.read_text("utf-8") + "  define idle = 3%\n", "utf-8")
    assert [item.code for item in coopfx.open(oven).check()] == ["N204"]
    wrong = '\nexample "one"\n  given surplus = 10 EUR\n  expect work_share = 5 EUR\n'
    statute.write_text(statute.read_text("utf-8") + wrong, "utf-8")
    with pytest.raises(coopfx.PolicyError, match="E6"):
        coopfx.open(oven).check()


def test_tables_are_exact_rows_that_close_with_the_outcome() -> None:
    year = coopfx.open(ALMA).year("2024")
    shared = {row["share"] for row in year.parts}
    for share in year.outcome.shares:
        rows = [row["amount"] for row in year.parts if row["share"] == share.source]
        assert share.source in shared
        assert sum(amount for amount in rows if isinstance(amount, Decimal)) == share.amount
    assert len(year.books) == len(year.outcome.books)
    assert {row["status"] for row in year.verdicts} <= {"satisfied", "not applicable"}
    assert all(row["label"] for row in year.verdicts)


def test_amounts_of_any_length_are_exact_in_a_row_and_to_twelve_places_in_a_frame() -> None:
    amount = Fraction(12345678901234567890123456789, 100)
    assert plain(amount, quantity(money("EUR"))) == Decimal("123456789012345678901234567.89")
    third = amount / 3
    assert plain(third) == third
    assert str(_framed(third)) == "41152263004115226300411522.63"
    assert str(_framed(third + Fraction(1, 3))).endswith(".963333333333")


def test_the_example_of_the_readme_is_the_one_that_types_are_checked_of() -> None:
    page = (REPOSITORY / "README.md").read_text("utf-8")
    (block,) = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert block == (REPOSITORY / "tests" / "docs" / "readme_example.py").read_text("utf-8")


def test_the_notebook_gives_what_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("polars")
    monkeypatch.chdir(REPOSITORY / "docs")
    book = json.loads(Path("what-if.ipynb").read_text("utf-8"))
    space: dict[str, Any] = {}
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            shown = io.StringIO()
            with contextlib.redirect_stdout(shown):
                exec("".join(cell["source"]), space)
            (output,) = cell["outputs"]
            assert shown.getvalue() == "".join(output["text"])


def test_the_pages_name_all_that_may_be_imported() -> None:
    page = (REPOSITORY / "docs" / "python.md").read_text("utf-8")
    missing = [name for name in coopfx.__all__ if f"`{name}" not in page and name != "__version__"]
    assert not missing
