"""A broken FEC is told: what is wrong, in which line, all of it in one run, and nothing is read."""

import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from attrs import evolve
from conftest_fec import FILE, LINES, NAMES, Found, Line, text, with_line, without
from test_fec_variants import quoted, xml

Read = Callable[..., Found]

BOMB = "".join(
    [
        '<?xml version="1.0"?><!DOCTYPE comptabilite [<!ENTITY a "ha">',
        *(
            f'<!ENTITY {new} "{f"&{old};" * 10}">'
            for old, new in zip("abcdef", "bcdefg", strict=True)
        ),
        "]><comptabilite>&g;</comptabilite>",
    ]
)


BROKEN: dict[str, tuple[str | bytes, list[tuple[str, int]]]] = {
    "an entry that does not balance": (with_line(4, credit="999,99"), [("E15", 5)]),
    "an entry whose last line is lost": (text(LINES[:-1]), [("E15", 8)]),
    "no column of accounts": (without("CompteNum"), [("E02", 1)]),
    "no column of credits": (without("Credit"), [("E02", 1)]),
    "no numbers of entries": (without("EcritureNum"), [("E02", 1)]),
    "a column twice": (text().replace("CompAuxNum", "CompteNum"), [("E03", 1)]),
    "no header": (text().split("\r\n", 1)[1], [("E01", 1)]),
    "two headers": (text() + text(), [("E04", 10)]),
    "the last line cut in two": (text()[:-60], [("E07", 9)]),
    "a cut in the middle of the file": (
        text().replace("\t411000\tCompte", "\t4110", 1),
        [("E09", 5)],
    ),
    "too many cells that fit nowhere": (with_line(4, account="70\t60"), [("E09", 6)]),
    "nothing at all": (b"", [("E05", 1)]),
    "a header alone": (text(()), [("E05", 1)]),
    "an html page": ("<!DOCTYPE html><html><body>FEC</body></html>", [("E06", 1)]),
    "a workbook": (b"PK\x03\x04" + bytes(200), [("E06", 1)]),
    "bytes of no text": (text().encode() + b"\0\1\2", [("E06", 10)]),
    "one line without end": (b"JournalCode\t" + b"x" * 600_000, [("E06", 1)]),
    "a mark that is never closed": (
        ('"' + NAMES.replace("\t", '"\t"') + '"\n"VE' + "\tx" * 90_000).encode(),
        [("E06", 2)],
    ),
    "an impossible date": (with_line(3, day="20240231"), [("E08", 5)]),
    "a date as a number of days": (with_line(3, day="45366"), [("E08", 5)]),
    "a date of the year after": (with_line(3, day="20250315"), [("E13", 5)]),
    "a date of another time": (with_line(3, day="20200315"), [("E13", 5)]),
    "an amount in letters": (with_line(3, debit="douze"), [("E10", 5)]),
    "an amount finer than a cent": (with_line(3, debit="1200,005"), [("E10", 5)]),
    "thousands or decimals": (with_line(3, debit="1,200"), [("E10", 5)]),
    "a float": (with_line(3, debit="1.2e3"), [("E10", 5)]),
    "digits of another script": (with_line(3, debit="١٢٠٠"), [("E10", 5)]),
    "an account of letters": (with_line(3, account="CDUPONT"), [("E11", 5)]),
    "an account of two digits": (with_line(3, account="41"), [("E11", 5)]),
    "no account": (with_line(3, account=""), [("E11", 5)]),
    "a side that is none": (
        text().replace("Debit\tCredit", "Montant\tSens"),
        [("E14", line) for line in range(2, 10)],
    ),
    "closing entries": (
        text(
            (
                *LINES,
                Line("OD", "9", "20241231", "706000", "1000,00"),
                Line("OD", "9", "20241231", "601000", credit="250,50"),
                Line("OD", "9", "20241231", "120000", credit="749,50"),
            )
        ),
        [("E12", 10)],
    ),
    "XML with a document type": (xml(head='<!DOCTYPE c SYSTEM "x.dtd">'), [("E16", 1)]),
    "XML with an entity of another file": (
        xml(head='<!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        [("E16", 1)],
    ),
    "an XML bomb": (BOMB, [("E16", 1)]),
    "XML without end": (xml()[:-30], [("E17", 16)]),
    "XML nested without end": ("<a>" * 5000, [("E16", 1)]),
    "XML of something else": ("<note><to>you</to></note>", [("E05", 1)]),
    "XML with an endless text": ("<a>" + "x" * 100_000 + "</a>", [("E16", 1)]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_told_with_its_line(name: str, found: Read) -> None:
    content, told = BROKEN[name]
    read = found(content, FILE)
    assert sorted(read.wrong) == sorted(told)
    assert read.figures == {"closing": "2024-12-31"}


def test_all_mistakes_are_told_in_one_run(found: Read) -> None:
    lines = [*LINES]
    lines[1] = evolve(lines[1], credit="douze")
    lines[3] = evolve(lines[3], day="jeudi")
    lines[6] = evolve(lines[6], account="A1")
    lines[7] = evolve(lines[7], credit="250,51")
    read = found(text(tuple(lines)))
    assert read.wrong == [("E10", 3), ("E08", 5), ("E15", 8), ("E11", 8)]


def test_two_hundred_mistakes_are_told_and_the_rest_counted_no_more(found: Read) -> None:
    lines = tuple(Line("VE", str(n), "20240101", "706000", "douze") for n in range(5000))
    codes = found(text(lines)).codes
    assert codes.count("E10") == 200 and codes.count("D721") == 1


def test_as_many_entries_out_of_balance_are_told(found: Read) -> None:
    lines = tuple(Line("VE", str(n), "20240101", "706000", "12,00") for n in range(5000))
    codes = found(text(lines)).codes
    assert codes.count("E15") == 200 and codes.count("D721") == 1


def test_the_columns_that_only_the_law_asks_for_are_a_warning(found: Read) -> None:
    read = found(without("ValidDate"))
    assert read.codes == ["W01"] and read.figures["surplus"] == "749.50"


def test_a_year_without_opening_balances_is_a_warning(found: Read) -> None:
    read = found(text(LINES[3:]))
    assert read.codes == ["W03", "W06"] and "reserves.legal" not in read.figures


def test_a_last_result_that_waits_for_its_allocation_is_a_warning(found: Read) -> None:
    lines = (evolve(LINES[0], debit="1600,00"), *LINES[1:3])
    read = found(text((*lines, Line("AN", "1", "20240101", "120", credit="100,00"), *LINES[3:])))
    assert read.codes == ["W04"]


MEASURE = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]), int(sys.argv[2])))
from coopfx.ground.report import Report
from coopfx_fec.mapping import default_mapping
from coopfx_fec.reader import open_ledger
path = Path(sys.argv[1])
report = Report()
with path.open("rb") as file:
    ledger = open_ledger(path, file, default_mapping(), report)
print(ledger.lines if ledger else 0, sorted({item.code for item in report.diagnostics}))
"""


def bounded(path: Path, megabytes: int) -> str:
    """What reading a file in so much memory says."""
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, path, str(megabytes << 20)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return run.stdout.strip()


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_AS"), reason="the system sets no such limit")
@pytest.mark.parametrize(
    ("name", "count", "length"),
    [
        ("many lines", 110_000, 800),
        ("all of them open", 310_000, 200),
        ("accounts without end", 110_000, 800),
    ],
    ids=["many lines", "all of them open", "accounts without end"],
)
def test_memory_does_not_grow_with_the_file(
    tmp_path: Path, name: str, count: int, length: int
) -> None:
    path = tmp_path / FILE
    label = "x" * length
    sides = (("1,00", "0,00"), ("0,00", "1,00"))
    lines = [Line("AN", "{number}", "20240101", "{account}", *side, label) for side in sides]
    written = ["\t".join(line.cells()) + "\n" for line in lines]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(NAMES + "\n")
        for n in range(count):
            number = str(n if name == "all of them open" else n // 2)
            account = f"4{n}01" if name == "accounts without end" else "401000"
            file.write(written[n % 2].format(number=number, account=account))
    assert path.stat().st_size > 80_000_000
    shown = bounded(path, 200)
    if name == "many lines":
        assert shown == f"{count} []"
    elif name == "all of them open":
        assert shown == f"{count} ['fec.W02']"
    else:
        assert shown.endswith("['fec.E23']")


@pytest.mark.parametrize("sort", ["flat", "quoted", "xml"])
def test_whatever_is_handed_in_is_answered(sort: str, found: Read) -> None:
    random = Random(f"broken {sort}")
    whole = {"flat": text(), "quoted": quoted(";"), "xml": xml()}[sort].encode()
    pieces = [
        b"\t",
        b"|",
        b'"',
        b"\r",
        b"\n",
        b"\0",
        b"\xff",
        b"<",
        b"&",
        b"-",
        b"9" * 30,
        b"\xc2\xa0",
    ]
    read_as_it_is = 0
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(random.randint(1, 4)):
            at = random.randrange(len(data))
            until = at + random.choice([0, 1, 3, 40])
            data[at:until] = random.choice(
                [*pieces, bytes(data[random.randrange(len(data)) :][:30])]
            )
        read = found(bytes(data))
        read_as_it_is += "surplus" in read.figures
        # There is a result, or a mistake is told that says why not.
        assert ("surplus" in read.figures) != bool(read.wrong)
    assert 0 < read_as_it_is < 300
