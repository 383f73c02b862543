"""The report: what needs attention first, the year before beside, stars explained once, the logo."""

from base64 import b64encode
from fractions import Fraction
from pathlib import Path
from struct import pack
from zlib import compress, crc32

import pytest
from attrs import evolve
from meeting_papers import POLICIES, year_of
from test_papers_meeting import written

import meeting
from coopfx.engine import outcome as out
from coopfx.ground.exact import Missing
from coopfx.ground.report import Report
from coopfx.ground.words import Words
from coopfx_papers import html, report, resolutions, statement
from coopfx_papers.paper import Heading, KeyFigures, Paper, Paragraph, Table
from coopfx_papers.pdf import Typesetter, report_pages
from coopfx_papers.said import Speaker
from coopfx_papers.where import by_sort


def chunk(kind: bytes, data: bytes) -> bytes:
    """A part of a PNG."""
    return pack(">I", len(data)) + kind + data + pack(">I", crc32(kind + data))


PIXEL = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    + chunk(b"IDAT", compress(b"\0\0\0\0"))
    + chunk(b"IEND", b"")
)


def tables(paper: Paper, part: str) -> list[Table]:
    """The tables of whose captions a text is a part."""
    return [one for one in paper.blocks if isinstance(one, Table) and part in one.caption]


@pytest.mark.parametrize("made", ["whole", "wanting", "loss"])
def test_each_rule_stands_in_one_table_and_the_counts_are_theirs(tmp_path: Path, made: str) -> None:
    folder = meeting.write(tmp_path / "policy", 23, whole=made == "whole", loss=made == "loss")
    results, words = year_of(folder, "fr")
    paper = report.paper(results, words)
    verdicts = results.outcome.verdicts
    still = (out.VIOLATED, out.UNDETERMINED, out.SET_ASIDE)
    binding = [one for one in verdicts if one.binding and one.status in still]
    undecided = [one for one in binding if one.status == out.UNDETERMINED]
    later = undecided if len(undecided) > 4 else []
    expected = {
        "demandent attention": [one for one in binding if one not in later],
        "dont les chiffres manquent": later,
        "Conseils qui": [one for one in verdicts if not one.binding and one.status in still],
        "respectée ou sans objet": [one for one in verdicts if one.status not in still],
    }
    for caption, chosen in expected.items():
        rows = [
            row
            for table in tables(paper, caption)
            for at, row in enumerate(table.rows)
            if table.marks.get(at) != "group"
        ]
        assert len(rows) == len(chosen), caption
    kept = sum(one.kept and one.binding for one in verdicts)
    said = [one.text for one in paper.blocks if isinstance(one, Paragraph)]
    assert any(
        one.startswith(f"Règles obligatoires respectées\u00a0: {kept}\u202f;") for one in said
    )
    for (table,) in (
        [tables(paper, "demandent attention")] if expected["demandent attention"] else []
    ):
        signs = [row[-1][0] for row in table.rows]
        assert signs == sorted(signs, key="✗⚠?".index)


@pytest.mark.parametrize("policy", ["alma", "le-rabot", "la-halle", "txirbil"])
def test_what_a_star_means_is_said_once_before_the_first(policy: str) -> None:
    results, words = year_of(POLICIES / policy, "fr")
    paper = report.paper(results, words)
    notes = [
        at
        for at, one in enumerate(paper.blocks)
        if isinstance(one, Paragraph) and one.text[0] == "*"
    ]
    starred = [
        at
        for at, one in enumerate(paper.blocks)
        if isinstance(one, Table) and any(row[1].endswith(" *") for row in one.rows if len(row) > 1)
    ]
    assert len(notes) == bool(starred)
    assert not starred or notes[0] == min(starred) - 1


def test_attention_stands_before_the_drawing_and_the_annex_last(tmp_path: Path) -> None:
    results, words = year_of(meeting.write(tmp_path / "policy", 23), "fr")
    paper = report.paper(results, words)
    headings = [one.text for one in paper.blocks if isinstance(one, Heading)]
    assert headings[0].startswith("Ce que demandent") and headings[1].startswith("Où va")
    assert headings[-1].startswith("Annexe")


def test_the_year_before_stands_beside_and_never_on_anonymous_papers() -> None:
    results, words = year_of(POLICIES / "le-rabot", "fr")
    paper = report.paper(results, words)
    last, sums = results.before()[-1], by_sort(results.before()[-1])
    assert sums is not None
    (figures,) = (one for one in paper.blocks if isinstance(one, KeyFigures))
    amounts = [
        last.allocations[0].amount,
        *(sums[sort] for sort in ("work", "reserves", "capital")),
    ]
    assert [one.note for one in figures.items] == [
        f"2023\u00a0: {words.money(amount, 'EUR')}" for amount in amounts
    ]
    (table,) = tables(paper, "Excédent à répartir")
    assert [column.head for column in table.columns][1] == "L'exercice précédent"
    shown = dict(zip((row[0] for row in table.rows), (row[1] for row in table.rows), strict=True))
    for name, amount in last.allocations[0].by_account.items():
        if amount != 0:
            label = words.label(name)
            assert shown[label[:1].upper() + label[1:]] == words.money(amount, "EUR")
    anonymous = report.paper(results, words, anonymous=True)
    assert "2023" not in str(anonymous.blocks) and "exercice précédent" not in str(anonymous.blocks)


def test_last_years_column_adds_up_where_an_account_has_nothing_this_year() -> None:
    results, words = year_of(POLICIES / "le-rabot", "fr")
    allocated = results.outcome.allocations
    less = tuple(evolve(one, amount=Fraction(0)) for one in allocated[0].items[1:])
    changed = evolve(allocated[0], items=(allocated[0].items[0], *less))
    outcome = evolve(results.outcome, allocations=(changed, *allocated[1:]))
    table, *_ = tables(report.paper(evolve(results, outcome=outcome), words), "à répartir")
    *rows, total = (
        [Words.read_number(cell.strip("\u00a0€")) for cell in row[1:3]] for row in table.rows
    )
    assert len(rows) > 1 and any(now == 0 != past for past, now in rows)
    assert sum(past or 0 for past, _ in rows) == total[0]


def test_a_year_in_another_currency_stands_beside_no_paper() -> None:
    results, words = year_of(POLICIES / "le-rabot", "fr")
    past = tuple(evolve(one, currency="USD") for one in results.before())
    other = evolve(results, before=lambda: past)
    speaker = Speaker(words, "EUR")
    for paper in (
        report.paper(other, words),
        statement.paper(other, speaker, "r05"),
    ):
        assert "L'exercice précédent" not in str(paper)
    assert "L'exercice précédent" in str(statement.paper(results, speaker, "r05"))
    told = "3\u202f060,22"  # what 2023 paid on shares, in euros (CGI 243 bis)
    assert told in resolutions.text(results, words)
    assert told not in resolutions.text(other, words)


def test_figures_that_are_wanting_make_no_essentials_of_zero(tmp_path: Path) -> None:
    policy = written(tmp_path, "")
    file = policy / "2024" / "cooperative.toml"
    lines = [
        line for line in file.read_text("utf-8").split("\n") if not line.startswith('"excédent"')
    ]
    file.write_text("\n".join(lines), "utf-8")
    results, words = year_of(policy, "fr")
    assert isinstance(results.outcome.allocations[0].amount, Missing)
    paper = report.paper(results, words)
    assert not [one for one in paper.blocks if isinstance(one, KeyFigures)]


def test_the_logo_is_in_the_page_and_asks_for_nothing(tmp_path: Path) -> None:
    policy = written(tmp_path, "", "\n[papers]\nlogo = 'logo.png'\nnom = 'Le Rabot <Scop>'\n")
    (policy / "logo.png").write_bytes(PIXEL)
    results, words = year_of(policy, "fr")
    paper = report.paper(results, words)
    page = html.page(paper)
    address = f"data:image/png;base64,{b64encode(PIXEL).decode()}"
    assert f'src="{address}" alt="Le Rabot &lt;Scop&gt;"' in page and "img-src data:" in page
    assert Typesetter().pages(paper).startswith(b"%PDF")
    plain = html.page(report.paper(*year_of(POLICIES / "le-rabot", "fr")))
    assert "<img" not in plain and "img-src" not in plain
    (policy / "logo.png").write_bytes(PIXEL[:50])
    told = Report()
    broken = report.paper(*year_of(policy, "fr"))
    assert report_pages(broken, told).startswith(b"%PDF")
    assert [one.code for one in told.diagnostics] == ["papers.W09"]
