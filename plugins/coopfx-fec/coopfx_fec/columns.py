"""The columns of a fichier des écritures comptables (FEC), under all the names that software gives them.

Their names and order are those of article A47 A-1 of the Livre des procédures fiscales.
"""

import re
import unicodedata
from collections.abc import Sequence

from attrs import frozen

from coopfx.ground.report import Report
from coopfx.ground.source import Span

LAWFUL = (
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib"),
    *("CompAuxNum", "CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit"),
    *("EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise"),
)
"""The eighteen columns that the law names, in its order."""

SIGNED = ("Montant", "Sens")
"""What may stand in the place of ``Debit`` and ``Credit``: an amount, and on which side it is."""

OF_CASH_REGIMES = ("DateRglt", "ModeRglt", "NatOp", "IdClient")
"""What those add who keep accounts of receipts and payments alone."""

NEEDED = ("JournalCode", "EcritureNum", "EcritureDate", "CompteNum")
"""What no balance and no check can do without, beside the amounts."""

TEXTS = ("EcritureLib", "CompteLib", "CompAuxLib", "JournalLib", "PieceRef")
"""The columns of free text, in which the sign that parts columns may stand too; likeliest first."""

_OTHER_NAMES = {
    "journallibelle": "JournalLib",
    "libellejournal": "JournalLib",
    "codejournal": "JournalCode",
    "ecrturenum": "EcritureNum",
    "numeroecriture": "EcritureNum",
    "numecriture": "EcritureNum",
    "dateecriture": "EcritureDate",
    "numerocompte": "CompteNum",
    "numcompte": "CompteNum",
    "comptelibelle": "CompteLib",
    "libellecompte": "CompteLib",
    "comptauxnum": "CompAuxNum",
    "compteauxnum": "CompAuxNum",
    "comptauxlib": "CompAuxLib",
    "compteauxlib": "CompAuxLib",
    "refpiece": "PieceRef",
    "datepiece": "PieceDate",
    "ecriturelibelle": "EcritureLib",
    "libelleecriture": "EcritureLib",
    "ecrturelet": "EcritureLet",
    "lettrage": "EcritureLet",
    "datelettrage": "DateLet",
    "datevalidation": "ValidDate",
    "montdevise": "Montantdevise",
    "identdevise": "Idevise",
    "devise": "Idevise",
    "datereglement": "DateRglt",
    "modereglement": "ModeRglt",
    "natureoperation": "NatOp",
}


def known(name: str) -> str | None:
    """The lawful name of a column, whatever the case, accents and spaces it is written with.

    >>> known("Débit"), known("ECRTURELET"), known("montant devise"), known("Solde")
    ('Debit', 'EcritureLet', 'Montantdevise', None)
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return _BY_NAME.get(re.sub(r"[^a-z0-9]", "", plain.casefold()))


_BY_NAME = {name.casefold(): name for name in (*LAWFUL, *SIGNED, *OF_CASH_REGIMES)} | _OTHER_NAMES


SEPARATORS = "\t|;,"


def separator(header: str) -> str:
    """What parts the columns: the sign between which the most known names stand.

    >>> separator("JournalCode|JournalLib|EcritureNum")
    '|'
    """
    return max(
        SEPARATORS, key=lambda sign: sum(known(name) is not None for name in header.split(sign))
    )


MOST_TITLES = 20
"""So many lines may stand above the names of the columns."""
_OF_A_HEADER = 8


def is_header_line(line: str) -> bool:
    """Whether a line names so many columns of a FEC that it is the header of one.

    >>> is_header_line("JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|Debit|Credit")
    True
    >>> is_header_line("id;worker;hours")
    False
    """
    names = {known(name) for name in line.strip().split(separator(line))}
    return len(names - {None}) >= _OF_A_HEADER


def is_beginning(head: bytes) -> bool:
    """Whether a file begins as a FEC does, whatever it is called: by its header, or as XML."""
    wide = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}.get(head[:2], "")
    text = head.decode(wide or "latin-1", "ignore").replace("\r", "\n")
    lines = [line for line in text.split("\n") if line.strip()][: MOST_TITLES + 1]
    tags = text.casefold()
    return any(map(is_header_line, lines)) or ("<comptabilite" in tags and "<exercice" in tags)


@frozen(slots=True)
class Columns:
    """Where each column stands in a row, and how many cells a row has."""

    index: dict[str, int]
    width: int

    @property
    def last_needed(self) -> int:
        """The last cell that a row cannot do without."""
        amounts = ("Debit", "Credit") if "Debit" in self.index else SIGNED
        return max(self.index[name] for name in (*NEEDED, *amounts))


def read_header(names: Sequence[str], place: Span, report: Report) -> Columns | None:
    """The columns that a first line names; None, and told, where accounts cannot be read by them.

    A line that names none of them is no header (E01), and one that lacks a column that balances rest
    on (E02), or names one twice (E03), is of no use. Columns that only the law asks for are told
    (W01), those that nobody knows are passed over.
    """
    index: dict[str, int] = {}
    twice = []
    for position, name in enumerate(names):
        column = known(name)
        if column in index:
            twice.append(name.strip()[:60])
        elif column is not None:
            index[column] = position
    if len(index) < 3:
        report.tell("fec.E01", place, found=", ".join(name.strip() for name in names[:3])[:60])
        return None
    for name in twice:
        report.tell("fec.E03", place, name=name)
    missing = [name for name in NEEDED if name not in index]
    if not {"Debit", "Credit"} <= index.keys() and not set(SIGNED) <= index.keys():
        amounts = SIGNED if index.keys() & set(SIGNED) else ("Debit", "Credit")
        missing += [name for name in amounts if name not in index]
    if missing:
        report.tell("fec.E02", place, columns=tuple(missing))
    if missing or twice:
        return None
    asked = [name for name in LAWFUL if name not in ("Debit", "Credit") and name not in index]
    if asked:
        report.tell("fec.W01", place, columns=tuple(asked))
    return Columns(index, len(names))
