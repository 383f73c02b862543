"""What the writers of synthetic years share: whole cents in, the files of a year's folder out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Figure = str | int | bool
"""A cell: a text as it stands, a whole number, a yes or no."""


def half_up(dividend: int, divisor: int) -> int:
    """A quotient as a whole number, halves upwards."""
    return (2 * dividend + divisor) // (2 * divisor)


def decimal(hundredths: int, mark: str = ",") -> str:
    """Hundredths as a decimal number."""
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100}{mark}{abs(hundredths) % 100:02}"


@dataclass(frozen=True, slots=True)
class Year:
    """A year's folder, and how its tables say yes and no.

    ``remark`` is the first line of cooperative.toml.
    """

    folder: Path
    closing: str
    remark: str = "A synthetic year, written by tests/synthetic."
    yes: str = "oui"
    no: str = "non"

    def table(self, name: str, header: Sequence[str], rows: Iterable[Sequence[Figure]]) -> None:
        """Writes a table as a spreadsheet of the continent does, with semicolons."""
        lines = (";".join(map(self._cell, row)) for row in (header, *rows))
        self._write(name, lines)

    def cooperative(self, name: str, **tables: Mapping[str, str | int]) -> None:
        """Writes cooperative.toml: ``facts`` first, then each table under its name."""
        facts = tables.pop("facts")
        lines = [f"# {self.remark}", "", f"closing = {self.closing}", f'name = "{name}"']
        lines += _entries(facts)
        for title, entries in tables.items():
            lines += ["", f"[{title}]", *_entries(entries)]
        self._write("cooperative.toml", lines)

    def _cell(self, value: Figure) -> str:
        if isinstance(value, bool):
            return self.yes if value else self.no
        return str(value)

    def _write(self, name: str, lines: Iterable[str]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        text = "".join(f"{line}\n" for line in lines)
        (self.folder / name).write_text(text, encoding="utf-8", newline="\n")


def _entries(entries: Mapping[str, str | int]) -> list[str]:
    return [
        f'"{name}" = "{value}"' if isinstance(value, str) else f'"{name}" = {value}'
        for name, value in entries.items()
    ]
