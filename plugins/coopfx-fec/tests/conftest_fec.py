"""What the tests of the FEC share: a small file of accounts, and a way to read it."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from attrs import evolve, frozen

from coopfx.ground.exact import money, quantity
from coopfx.ground.facts import Field, Schema
from coopfx.ground.report import Report
from coopfx_fec.reader import read

NAMES = (
    "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\t"
    "PieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise"
)
FILE = "123456789FEC20241231.txt"
EUROS = quantity(money("EUR"))
FIGURES = (
    *("surplus", "turnover", "share_capital", "accounting_result"),
    *("work_share_expensed", "profit_brought_forward"),
)
ACCOUNTS = (
    *("reserves.legal", "work_share", "share_interest"),
    "losses_brought_forward",
)


@frozen
class Line:
    """A line of accounts, to be written in any way."""

    journal: str
    number: str
    day: str
    account: str
    debit: str = "0,00"
    credit: str = "0,00"
    label: str = "Vente"

    def cells(self) -> list[str]:
        names = {"AN": "A nouveaux", "VE": "Ventes", "OD": "Opérations diverses"}
        return [
            *(self.journal, names.get(self.journal, self.journal), self.number, self.day),
            *(self.account, "Compte", "", "", "P1", self.day, self.label, self.debit, self.credit),
            *("", "", self.day, "", ""),
        ]


LINES = (
    Line("AN", "1", "20240101", "512000", "1500,00"),
    Line("AN", "1", "20240101", "101300", credit="1000,00"),
    Line("AN", "1", "20240101", "106100", credit="500,00"),
    Line("VE", "2", "20241015", "411000", "1200,00"),
    Line("VE", "2", "20241015", "706000", credit="1000,00"),
    Line("VE", "2", "20241015", "445710", credit="200,00"),
    Line("AC", "3", "20241016", "601000", "250,50", label="Achat à l'été"),
    Line("AC", "3", "20241016", "512000", credit="250,50", label="Achat à l'été"),
)
"""A year whose result is 749.50."""


def text(lines: tuple[Line, ...] = LINES, separator: str = "\t", end: str = "\r\n") -> str:
    """The lines as a FEC, with its header."""
    rows = [NAMES.split("\t"), *(line.cells() for line in lines)]
    return "".join(separator.join(row) + end for row in rows)


def with_line(index: int, **cells: str) -> str:
    """The FEC with other cells in one of its lines."""
    lines = list(LINES)
    lines[index] = evolve(lines[index], **cells)
    return text(tuple(lines))


def without(column: str) -> str:
    """The FEC without a column."""
    index = NAMES.split("\t").index(column)
    rows = [line.split("\t") for line in text(end="\n").splitlines()]
    return "\n".join("\t".join(row[:index] + row[index + 1 :]) for row in rows)


@dataclass
class Found:
    """What reading a file gave: its figures by name, and what was told."""

    figures: dict[str, str]
    report: Report

    @property
    def codes(self) -> list[str]:
        return [item.code.removeprefix("fec.") for item in self.report.in_order()]

    @property
    def wrong(self) -> list[tuple[str, int]]:
        """The codes of the errors, each with its line."""
        return [
            (item.code.removeprefix("fec."), item.span.line if item.span else 0)
            for item in self.report.in_order()
            if item.severity == "error"
        ]


@pytest.fixture
def found(tmp_path: Path) -> Callable[..., Found]:
    """Reads what a file holds, under a name, with a mapping beside it where one is given."""

    def one(
        content: str | bytes,
        name: str = FILE,
        *,
        mapping: str = "",
        fields: tuple[str, ...] = FIGURES,
        accounts: tuple[str, ...] = ACCOUNTS,
    ) -> Found:
        if mapping:
            (tmp_path / "accounts.toml").write_text(mapping, encoding="utf-8")
        schema = Schema(
            "EUR", tuple(Field(field, EUROS) for field in fields), accounts, ("person",)
        )
        report = Report()
        data = content.encode() if isinstance(content, str) else content
        sheets = tuple(read(tmp_path / name, io.BytesIO(data), schema, report))
        rows = {row[0]: row[1] for sheet in sheets for _, row in sheet.rows}
        return Found(rows, report)

    return one
