"""Whatever way a FEC is written, it gives the same figures to the cent."""

from collections.abc import Callable

import pytest
from attrs import evolve
from conftest_fec import LINES, NAMES, Found, Line, text

EXPECTED = {
    "accounting_result": "749.50",
    "work_share_expensed": "0.00",
    "profit_brought_forward": "0.00",
    "share_capital": "1000.00",
    "turnover": "1000.00",
    "surplus": "749.50",
    "reserves.legal": "500.00",
    "losses_brought_forward": "0.00",
    "work_share": "0.00",
    "share_interest": "0.00",
    "closing": "2024-12-31",
}
Read = Callable[..., Found]


def changed(**of: Callable[[str], str]) -> tuple[Line, ...]:
    """The lines with some of their cells written in another way."""
    return tuple(
        evolve(line, **{name: how(getattr(line, name)) for name, how in of.items()})
        for line in LINES
    )


def amounts(how: Callable[[str], str]) -> tuple[Line, ...]:
    return changed(debit=how, credit=how)


def signed(side: dict[bool, str]) -> str:
    names = NAMES.replace("Debit\tCredit", "Montant\tSens")
    rows = [names]
    for line in LINES:
        cells = line.cells()
        is_debit = line.debit != "0,00"
        cells[11:13] = [line.debit if is_debit else line.credit, side[is_debit]]
        rows.append("\t".join(cells))
    return "\r\n".join([*rows, ""])


def quoted(separator: str) -> str:
    rows = [NAMES.split("\t"), *(line.cells() for line in LINES)]
    return "".join(separator.join(f'"{cell}"' for cell in row) + "\n" for row in rows)


def dashes(day: str) -> str:
    return f"{day[:4]}-{day[4:6]}-{day[6:]}"


def slashes(day: str) -> str:
    return f"{day[6:]}/{day[4:6]}/{day[:4]}"


VARIANTS: dict[str, str | bytes] = {
    "as the law has it": text(),
    "pipes": text(separator="|"),
    "semicolons": text(separator=";"),
    "LF": text(end="\n"),
    "CR": text(end="\r"),
    "CR and LF in turn": text().replace("\r\n", "\n", 3),
    "no end after the last line": text().removesuffix("\r\n"),
    "UTF-8 with its mark": text().encode("utf-8-sig"),
    "ISO 8859-15": text().encode("iso8859-15"),
    "Windows-1252": text().replace("é", "œ").encode("cp1252"),
    "small letters": text().replace(NAMES, NAMES.casefold()),
    "capitals": text().replace(NAMES, NAMES.upper()),
    "wild names": text().replace(
        NAMES,
        NAMES.replace("EcritureLet", "EcrtureLet")
        .replace("JournalLib", "JournalLibelle")
        .replace("Montantdevise", "MontantDevise")
        .replace("Debit", "Débit")
        .replace("CompteNum", "Compte Num"),
    ),
    "Montant and Sens, D and C": signed({True: "D", False: "C"}),
    "Montant and Sens, +1 and -1": signed({True: "+1", False: "-1"}),
    "points": text(amounts(lambda value: value.replace(",", "."))),
    "spaces between thousands": text(
        amounts(lambda value: value.replace("1500", "1 500").replace("1200", "1\u202f200"))
    ),
    "both signs": text(amounts(lambda value: value.replace("1500", "1.500"))),
    "no decimals": text(amounts(lambda value: value.removesuffix(",00"))),
    "empty for zero": text(amounts(lambda value: "" if value == "0,00" else value)),
    "signs": text(amounts(lambda value: f"+{value}")),
    "ISO dates": text(changed(day=dashes)),
    "French dates": text(changed(day=slashes)),
    "dates with a time": text(changed(day=lambda day: dashes(day) + "T00:00:00")),
    "a pipe in a label": text(changed(label=lambda label: f"{label} | suite"), separator="|"),
    "a tab in a label": text(changed(label=lambda label: f"{label}\tsuite\tet fin")),
    "lines without what is empty at their end": "\n".join(
        line.rstrip("\t") for line in text(end="\n").split("\n")
    ),
    "a separator after the last cell": text(end="\t\n").replace("Idevise\t\n", "Idevise\n"),
    "all in quotation marks": quoted(";"),
    "all in quotation marks, with tabs": quoted("\t"),
    "empty lines": text().replace("\r\n", "\r\n\r\n"),
    "a cash regime": "".join(
        f"{line}\t{more}\r\n"
        for line, more in zip(
            text().split("\r\n")[:-1],
            ["DateRglt\tModeRglt\tNatOp\tIdClient", *["20241101\tCB\tV\t"] * len(LINES)],
            strict=True,
        )
    ),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_gives_the_same_figures(name: str, found: Read) -> None:
    read = found(VARIANTS[name])
    assert read.figures == EXPECTED
    assert read.codes == []


def xml(dates: Callable[[str], str] = dashes, head: str = "") -> str:
    entries: dict[tuple[str, str], list[Line]] = {}
    for line in LINES:
        entries.setdefault((line.journal, line.number), []).append(line)
    parts = [f'<?xml version="1.0" encoding="UTF-8"?>{head}<comptabilite><exercice>']
    parts.append("<DateCloture>2024-12-31T00:00:00</DateCloture>")
    for (journal, number), lines in entries.items():
        parts.append(
            f"<journal><JournalCode>{journal}</JournalCode><JournalLib>{journal}</JournalLib><ecriture>"
            f"<EcritureNum>{number}</EcritureNum><EcritureDate>{dates(lines[0].day)}</EcritureDate>"
            "<EcritureLib>Vente &amp; achat</EcritureLib>"
        )
        for line in lines:
            debit, credit = (cell.replace(",", ".") for cell in (line.debit, line.credit))
            parts.append(
                f"<ligne><CompteNum>{line.account}</CompteNum><CompteLib>C</CompteLib>"
                f"<Debit>{debit}</Debit><Credit>{credit}</Credit></ligne>"
            )
        parts.append("</ecriture></journal>")
    return "\n".join([*parts, "</exercice></comptabilite>"])


def test_xml_gives_the_same_figures(found: Read) -> None:
    read = found(xml(), "123456789FEC20241231.xml")
    assert read.figures == EXPECTED
    assert read.codes == []


def test_xml_says_its_closing_date_where_the_name_does_not(found: Read) -> None:
    assert found(xml(), "fec.xml").figures == EXPECTED


def test_a_name_without_a_date_gives_no_closing(found: Read) -> None:
    assert "closing" not in found(text(), "fec.txt").figures


def test_negative_amounts_are_those_of_the_other_side(found: Read) -> None:
    lines = (
        *LINES,
        Line("OD", "4", "20241101", "706000", "0,00", "-100,00"),
        Line("OD", "4", "20241101", "411000", "-100,00"),
    )
    assert found(text(lines)).figures["turnover"] == "900.00"


def test_lines_of_an_entry_may_stand_apart(found: Read) -> None:
    read = found(text((LINES[3], LINES[6], LINES[4], LINES[7], LINES[5], *LINES[:3])))
    assert read.figures == EXPECTED


@pytest.mark.parametrize(
    ("code", "label", "opens"),
    [
        ("RAN", "Reports", True),
        ("X", "Reports à nouveau", True),
        ("X", "A-NOUVEAUX", True),
        ("X", "Bilan d'ouverture", True),
        ("X", "Nouveaux projets", False),
        ("ANC", "Ancien", False),
    ],
)
def test_the_journal_of_opening_balances_is_known(
    code: str, label: str, opens: bool, found: Read
) -> None:
    content = text().replace("AN\tA nouveaux", f"{code}\t{label}")
    assert found(content).codes == ([] if opens else ["W03"])
    mapping = '[facts]\nshare_capital = { accounts = ["101"], side = "credit", at = "opening" }\n'
    read = found(content, mapping=mapping)
    assert read.figures["share_capital"] == ("1000.00" if opens else "0.00")


def test_costs_and_income_are_never_opening_balances(found: Read) -> None:
    content = text().replace("VE\tVentes", "VE\tVentes, ouverture du samedi")
    assert found(content).figures == EXPECTED
