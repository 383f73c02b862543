"""CSV for people: signs and decimals of their language, and no cell that a spreadsheet would work out."""

from fractions import Fraction

import pytest

from coopfx.formats.spreadsheet import csv_of
from coopfx.ground.report import Report
from coopfx.plugged.world import load_world


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", '\'=1+1,"a,b",-1234.50,0.33333333,'),
        ("fr", "'=1+1;a,b;-1234,50;0,33333333;"),
        ("es", "'=1+1;a,b;-1234,50;0,33333333;"),
        ("it", "'=1+1;a,b;-1234,50;0,33333333;"),
    ],
)
def test_a_table_is_written_as_its_reader_s_spreadsheet_has_it(language: str, line: str) -> None:
    row = ("=1+1", "a,b", Fraction(-2469, 2), Fraction(1, 3), None)
    found = csv_of(("a", "b", "c", "d", "é"), [row], load_world(Report()).words(language))
    assert found.startswith(b"\xef\xbb\xbf")
    assert found.decode("utf-8-sig").split("\r\n")[1:] == [line, ""]
