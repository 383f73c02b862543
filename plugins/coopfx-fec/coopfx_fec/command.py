"""``coopfx fec``: what a FEC gives, account by account, and the mapping to begin with."""

from pathlib import Path

import click

from coopfx.extending import UNUSABLE, Session, language_option, watched
from coopfx_fec.amounts import euros
from coopfx_fec.figures import figures, tell_of_accounts
from coopfx_fec.ledger import Account, Ledger
from coopfx_fec.mapping import DEFAULT, Mapping, default_mapping, read_mapping
from coopfx_fec.reader import open_ledger


@click.group("fec")
def command() -> None:
    """Look into a FEC: its accounts, and what they give.

    Example: coopfx fec show 123456789FEC20241231.txt
    """


@command.command("map")
def print_map() -> None:
    """Print the mapping from accounts to figures, as a file to begin with.

    Example: coopfx fec map > accounts.toml
    """
    click.echo(DEFAULT.read_bytes(), nl=False)


@command.command("show")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@language_option
def show(file: Path, lang: str | None) -> None:
    """Show what a FEC gives: each figure with its accounts, and the accounts that no figure has.

    All that is amiss in the file is told. The mapping is the accounts.toml beside the file or in the
    folder above it, or else the one that `coopfx fec map` prints.

    Example: coopfx fec show policies/alma/2024/000000180FEC20241231.txt
    """
    session = Session(lang, "text")
    mapping = read_mapping(file.parent, session.report)
    ledger = None
    if mapping is not None:
        try:
            size = file.stat().st_size
            # Closing what shows the progress gives the terminal back its cursor.
            with file.open("rb") as stream, watched(file, stream, size) as seen:
                ledger = open_ledger(file, seen, mapping, session.report)
        except OSError as error:
            session.report.tell(
                "P901", None, path=str(file), reason=error.strerror or "", nearest=""
            )
    if mapping is None or ledger is None:
        session.tell()
        raise SystemExit(UNUSABLE)
    found = figures(mapping, default_mapping(), ledger, None)
    tell_of_accounts(mapping, ledger, found, session.report)
    for line in _lines(mapping, ledger, {one.name: one.cents for one in found}, session):
        click.echo(line)
    session.tell()
    session.end()


def _lines(mapping: Mapping, ledger: Ledger, cents: dict[str, int], session: Session) -> list[str]:
    words = session.words
    shown = [
        words.phrase(
            "fec.show.ledger",
            file=ledger.path.name,
            lines=ledger.lines,
            accounts=len(ledger.accounts),
        )
    ]
    if ledger.closing is not None:
        shown[0] += ", " + words.phrase("fec.show.closing", date=ledger.closing)
    shown.append(words.phrase("fec.show.mapping", path=str(mapping.path)))
    for title, balance in (("figures", False), ("balances", True)):
        shown += ["", words.phrase(f"fec.show.{title}")]
        for line in mapping.lines.values():
            if line.balance is not balance:
                continue
            amount = cents.get(line.name)
            shown.append(_row(_label(line.name, session), amount, session))
            amounts = [
                (one, line.of(one)) for one in ledger.of(line.accounts) if line.holds(one.number)
            ]
            # A figure of a whole class of accounts is told by its sum alone.
            if len(amounts) <= 12:
                shown += [_account(one, amount, session) for one, amount in amounts if amount]
            shown += [f"    + {_label(name, session)}" for name in line.sums or ()]
    shown += ["", words.phrase("fec.show.unmapped")]
    left = mapping.unmapped(ledger)
    shown += [_account(one, -one.closing, session) for one in left]
    return shown if left else [*shown, f"  {words.phrase('fec.show.none')}"]


def _row(name: str, cents: int | None, session: Session) -> str:
    shown = (
        session.words.phrase("fec.show.unknown")
        if cents is None
        else session.words.show(euros(cents))
    )
    return f"  {name:<60.60} {shown:>20}"


def _account(account: Account, cents: int, session: Session) -> str:
    label = account.label if account.general else ""
    return _row(f"  {account.number:<10} {label}", cents, session)


def _label(name: str, session: Session) -> str:
    """What a figure is called; those of a law, which no statute is read for here, by this distribution."""
    key = f"fec.figure.{name}"
    return session.words.phrase(key) if key in session.words.phrases else session.words.label(name)
