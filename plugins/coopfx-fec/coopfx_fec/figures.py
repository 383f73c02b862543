"""From the balances of a ledger to the figures of a cooperative, through the mapping."""

from attrs import frozen

from coopfx.ground.facts import Schema
from coopfx.ground.report import Report, Said
from coopfx.ground.source import Span
from coopfx_fec.amounts import euros
from coopfx_fec.ledger import Ledger
from coopfx_fec.mapping import DEFAULT, Line, Mapping

_LARGEST_TOLD = 8
_PROFIT_SHARING = "691"


@frozen(slots=True)
class Figure:
    """A figure in cents under its name, and where a mistake about it is to be looked for."""

    name: str
    cents: int
    place: Span


def figures(
    mapping: Mapping, default: Mapping, ledger: Ledger, schema: Schema | None
) -> list[Figure]:
    """What the accounts give, in the order of the mapping.

    Names of the mapping that comes with this distribution are left out where the statute has no such
    figure; any other name is left as it is, since it may be one of another language. Without a
    ``schema`` all are given.
    """
    values = {
        name: sum(
            line.of(account) for account in ledger.of(line.accounts) if line.holds(account.number)
        )
        for name, line in mapping.lines.items()
        if line.sums is None
    }
    found = []
    for name, line in mapping.lines.items():
        if not _known(line, default, schema) or not _there(line, mapping, default, ledger, schema):
            continue
        cents = values[name] if line.sums is None else _sum(line, values, mapping, default, schema)
        place = _place(line, mapping, ledger)
        found.append(Figure(name, cents, place))
    return found


def absent(
    mapping: Mapping, default: Mapping, ledger: Ledger, schema: Schema | None
) -> tuple[str, ...]:
    """The figures that are asked for and not known, since their accounts are not in the file."""
    read = None if schema is None else schema.read
    return tuple(
        name
        for name, line in mapping.lines.items()
        if _known(line, default, schema)
        and (line.balance or read is None or name in read)
        and not (line.sums is not None or line.known(ledger))
    )


def _there(
    line: Line, mapping: Mapping, default: Mapping, ledger: Ledger, schema: Schema | None
) -> bool:
    """Whether all that a line rests on is known."""
    if line.sums is None:
        return line.known(ledger)
    names = _summed(line, mapping, default, schema)
    if line.covers and names == line.sums:
        names = (*names, line.covers)
    return all(mapping.lines[name].known(ledger) for name in names)


def _summed(
    line: Line, mapping: Mapping, default: Mapping, schema: Schema | None
) -> tuple[str, ...]:
    """The lines that one is the sum of, as far as the statute knows them."""
    names = line.sums or ()
    if all(_known(mapping.lines[name], default, schema) for name in names):
        return names
    return names if line.otherwise is None else line.otherwise


def _known(line: Line, default: Mapping, schema: Schema | None) -> bool:
    if schema is None or line.name not in default.lines:
        return True
    return line.name in (schema.accounts if line.balance else schema.of(None))


def _sum(
    line: Line, values: dict[str, int], mapping: Mapping, default: Mapping, schema: Schema | None
) -> int:
    """The sum of a line; of a gain, what is left once it has covered prior losses.

    The statute may know none of the names that are added up: it then speaks of the result as it is,
    and covers losses by itself if it wants to.
    """
    names = _summed(line, mapping, default, schema)
    total = sum(values[name] for name in names)
    if names != (line.sums or ()):
        return total
    losses = -values.get(line.covers, 0)
    return max(0, total - losses) if total > 0 and losses > 0 else total


def _place(line: Line, mapping: Mapping, ledger: Ledger) -> Span:
    """The line of the cooperative's own mapping; else the first of the FEC that an account stands on."""
    if line.place.file != str(DEFAULT):
        return line.place
    prefixes = [*line.accounts]
    for name in line.sums or ():
        prefixes += mapping.lines[name].accounts
    first = min((account.line for account in ledger.of(prefixes)), default=1)
    return Span(str(ledger.path), first, 1, first, 1)


def tell_of_accounts(mapping: Mapping, ledger: Ledger, found: list[Figure], report: Report) -> None:
    """What a treasurer would want to know of how the accounts were taken.

    That none opened the year (W03), that the last result waits for its allocation (W04), which accounts
    no line names (N01), and how the surplus was rebuilt where participation is already in the costs
    (N02).
    """
    place = Span(str(ledger.path), 1, 1, 1, 1)
    if not ledger.opened:
        report.tell("fec.W03", place)
    waiting = sum(account.closing for account in ledger.of(("12",)))
    if waiting:
        report.tell("fec.W04", place, amount=euros(-waiting))
    left = mapping.unmapped(ledger)
    if left:
        largest = tuple(
            Said(
                "fec.account.shown" if account.general else "fec.account.bare",
                {
                    "number": account.number,
                    "label": account.label,
                    "amount": euros(-account.closing),
                },
            )
            for account in left[:_LARGEST_TOLD]
        )
        form = "one" if len(left) == 1 else "many"
        unnamed = Said(f"fec.unnamed.{form}", {"count": len(left)})
        report.tell("fec.N01", place, count=len(left), unnamed=unnamed, accounts=largest)
    shared = sum(account.movement for account in ledger.of((_PROFIT_SHARING,)))
    surplus = next(
        (one for one in found if one.name in mapping.lines and _sums(mapping, one)), None
    )
    if shared and surplus is not None:
        result = -sum(account.movement for account in ledger.of(("6", "7")))
        report.tell(
            "fec.N02",
            place,
            result=euros(result),
            shared=euros(shared),
            surplus=euros(surplus.cents),
        )


def _sums(mapping: Mapping, figure: Figure) -> bool:
    return mapping.lines[figure.name].sums is not None
