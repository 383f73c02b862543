"""How papers are set: rows that stay together, colours that are told apart, what phones are given."""

import re
from fractions import Fraction
from io import BytesIO
from itertools import combinations
from pathlib import Path

import pypdf
import pytest
from attrs import evolve
from meeting_papers import POLICIES, year_of

import meeting
from coopfx_papers import charts, html, report, resolutions
from coopfx_papers.paper import Column, Heading, Paper, Table, printed
from coopfx_papers.pdf import Typesetter


def lightness(colour: str) -> tuple[float, float]:
    """How light a colour is, as light (0 to 1) and as it is seen (0 to 100)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts
    )
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return light, 116 * light ** (1 / 3) - 16


def test_colours_are_seen_on_white_and_told_apart_without_colour() -> None:
    every = (charts.WORK, charts.RESERVES, charts.CAPITAL, charts.OTHER, charts.LOSS, charts.BESIDE)
    for colour in every:
        assert 1.05 / (lightness(colour)[0] + 0.05) >= 3, colour
    told = (charts.WORK, charts.RESERVES, charts.CAPITAL)
    for one, other in combinations(told, 2):
        assert abs(lightness(one)[1] - lightness(other)[1]) >= 10, (one, other)
    for colour in (charts.WORK, charts.CAPITAL):
        assert abs(lightness(colour)[1] - lightness(charts.BESIDE)[1]) >= 10


@pytest.mark.parametrize("count", [34, 35, 36, 37, 72])
def test_neither_a_heading_nor_the_last_rows_of_a_table_stand_alone(count: int) -> None:
    rows = [(f"row{number}end", str(number)) for number in range(count)]
    marks = {}
    for place in (count - 5, 0):
        rows.insert(place, (f"group{place}end", ""))
        marks = {at + (at >= place): mark for at, mark in marks.items()} | {place: "group"}
    marks[len(rows) - 1] = "total"
    table = Table("Table", (Column("A", width=3), Column("B", True)), tuple(rows), marks)
    paper = Paper("Title", "en", "above", "below", "page {page} of {pages}", (Heading("H"), table))
    pages = pypdf.PdfReader(BytesIO(Typesetter().pages(paper))).pages
    found = [re.findall(r"(row|group)\d+end", page.extract_text()) for page in pages]
    assert sum(one.count("row") for one in found) == count
    for page in found:
        assert not page or (page[-1] == "row" and page.count("row") >= 3)
    # A heading comes again where its rows go on.
    assert all(page[0] == "group" for page in found if page)


def test_lines_do_not_end_between_a_sign_and_what_it_compares() -> None:
    assert printed("4 € ≥ 5 €") == "4 € ≥\u00a05 €"
    assert printed("R3323-10 *") == "R3323-10\u00a0*"
    assert printed("✓ kept") == "✓\u00a0kept"
    assert printed("<b>x</b> a *b*") == "<b>x</b> a *b*"


def test_a_flow_has_a_drawing_for_phones_whose_labels_stay_inside() -> None:
    results, words = year_of(POLICIES / "alma", "fr")
    (figure, *_) = re.findall(r"<figure>.*?</figure>", html.page(report.paper(results, words)))
    wide, narrow = re.findall(r"<svg .*?</svg>", figure)
    assert 'class="wide"' in wide and 'class="narrow"' in narrow
    texts = [re.findall(r"<text[^>]*>([^<]*)</text>", one) for one in (wide, narrow)]
    assert sorted(texts[0]) == sorted(texts[1])


def test_a_loss_is_called_a_loss(tmp_path: Path) -> None:
    folder = meeting.write(tmp_path / "policy", 9, loss=True, whole=True)
    results, words = year_of(folder, "fr")
    (table,) = (
        block
        for block in report.paper(results, words).blocks
        if isinstance(block, Table) and "imputer" in block.caption
    )
    assert table.caption.startswith("Perte à imputer") and len(table.columns) == 2
    voted = resolutions.text(results, words)
    amount = results.outcome.allocations[0].amount
    assert isinstance(amount, Fraction) and amount < 0
    loss = words.money(-amount, "EUR")
    assert (
        f"d'imputer la perte de {loss} comme suit" in voted
        and f"débiteur | 100\u00a0% | {loss} |" in voted
    )
    assert "– Intérêt aux parts" not in voted


def test_what_people_pass_on_of_nothing_has_no_table() -> None:
    results, words = year_of(POLICIES / "le-rabot", "fr")
    own, passed = results.outcome.allocations
    items = tuple(evolve(one, amount=Fraction(0)) for one in passed.items)
    nothing = evolve(passed, amount=Fraction(0), items=items)
    outcome = evolve(results.outcome, allocations=(own, nothing))
    titles = [
        block.text
        for block in report.paper(evolve(results, outcome=outcome), words).blocks
        if isinstance(block, Heading)
    ]
    assert "Où va le résultat" in titles and "Part travail à répartir" not in titles


def test_what_people_pass_on_is_voted_after_what_they_receive() -> None:
    results, words = year_of(POLICIES / "le-rabot", "fr")
    voted = resolutions.text(results, words).replace("\u00a0", " ")
    assert voted.index("Répartition de la part travail") < voted.index(
        "Affectation de la part travail"
    )
    assert voted.index("Affectation du résultat") < voted.index("Répartition de la part travail")


def test_a_small_ratio_is_not_shown_as_nothing(tmp_path: Path) -> None:
    folder = meeting.write(tmp_path / "policy", 30, whole=True)
    results, words = year_of(folder, "fr")
    (own,) = (
        item for item in results.outcome.indicators if item.label.startswith("Recherche et dév")
    )
    assert isinstance(own.value, Fraction) and 0 < own.value < Fraction(1, 10)
    (row,) = (
        row
        for block in report.paper(results, words).blocks
        if isinstance(block, Table)
        for row in block.rows
        if row[0] == own.label
    )
    assert row[1] == words.percent(own.value) != words.percent(Fraction(0))
