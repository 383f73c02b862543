"""What an explanation says is held against the books of its year: whatever they contradict is named."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from fractions import Fraction

from coopfx.engine.outcome import Booked, Explanation, Outcome
from coopfx.ground.exact import Missing, Undefined, total
from coopfx.ground.report import Argument, Percent, Said, Word

LIMITS = ("item.high", "item.low", "item.when")
CENT = Fraction(1, 100)
NOTHING = ("item.not_held", "item.loss", "item.outside", "losses.none")


def contradictions(outcome: Outcome, found: Explanation) -> Iterator[str]:
    """What an explanation says that the books of the year do not."""
    for step in steps(found):
        how = step.how.removeprefix("explain.")
        for check in CHECKS.get(how.split(".")[0], ()) if how not in LIMITS else ():
            for why in check(outcome, how, step):
                yield f"{how} of line {step.span and step.span.line}: {why}"


def steps(found: Explanation) -> Iterator[Explanation]:
    """An explanation and all that is behind it."""
    yield found
    for step in found.steps:
        yield from steps(step)


def figure(argument: Argument) -> Fraction | None:
    """The figure that an argument shows."""
    match argument:
        case Percent(value) | (Fraction() as value, _):
            return value
        case Said("explain.right.part", {"right": Percent(value)}):
            return value
        case Said("explain.right.whole" | "formula.whole"):
            return Fraction(1)
        case _:
            return None


def _moved(
    outcome: Outcome, step: Explanation, chosen: Callable[[Booked], bool]
) -> dict[str, list[object]]:
    """What the books say that a line moved, by whose it is."""
    found: dict[str, list[object]] = defaultdict(list)
    for one in outcome.books:
        if step.span and (one.line, one.article) == (step.span.line, step.article) and chosen(one):
            found[one.record].append(one.amount)
    return found


def _agrees(value: object, moved: dict[str, list[object]], whose: str | None = None) -> bool:
    """Whether a value is what the books say of someone, or of all; nothing where they say nothing."""
    said = [moved[whose]] if whose in moved else [] if whose is not None else list(moved.values())
    if isinstance(value, Missing | Undefined):
        return any(isinstance(one, Missing | Undefined) for row in moved.values() for one in row)
    known = [
        sum((one for one in row if isinstance(one, Fraction)), Fraction(0))
        for row in said
        if all(isinstance(one, Fraction) for one in row)
    ]
    return value in known or value == 0 or (whose is None and value == sum(known, Fraction(0)))


def _item(outcome: Outcome, how: str, step: Explanation) -> Iterator[str]:
    account = step.arguments["account"]
    assert isinstance(account, Word)
    way = "losses" if how.startswith("losses") else "overflow" if "overflow" in how else "item"
    ways = (way, "losses") if how in NOTHING else (way,)
    moved = _moved(outcome, step, lambda one: one.way in ways and one.target.name == account.name)
    value, amount = step.value, figure(step.arguments["amount"])
    if not _agrees(value, moved):
        yield f"{value} to {account.name}, where the books say {dict(moved)}"
    if how in NOTHING and value != 0:
        yield f"{value} is not nothing"
    if how == "item.loss" and not (amount is not None and amount < 0):
        yield f"{amount} is no loss"
    if how == "losses" and not (isinstance(value, Fraction) and value < 0):
        yield f"{value} is no loss"
    rate = Fraction(1) if how == "item.all" else figure(step.arguments.get("rate"))
    plain = how in ("item", "item.all") and isinstance(value, Fraction)
    made = None if rate is None or amount is None else rate * amount
    if plain and made is not None and abs(made - value) >= CENT:  # type: ignore[operator]
        yield f"{rate} of {amount} is not {value}"
    if how == "item.rest" and amount is not None and isinstance(value, Fraction) and value > amount:
        yield f"{value} is more than {amount}"


def _part(outcome: Outcome, how: str, step: Explanation) -> Iterator[str]:
    record, value = step.arguments["record"], step.value
    assert isinstance(record, str)
    moved = _moved(outcome, step, lambda one: one.way in ("part", "into"))
    if isinstance(value, Missing | Undefined):
        return
    if not _agrees(value, moved, record) or (value == 0 and any(moved.get(record, ()))):
        yield f"{value} for {record}, where the books say {moved.get(record)}"
    whole = figure(step.arguments["amount"])
    for behind in step.steps:
        own = behind.how.removeprefix("explain.")
        right, exact = (figure(behind.arguments.get(name)) for name in ("right", "exact"))
        if right is not None and exact is not None and whole is not None and right * whole != exact:
            yield f"a right of {right} of {whole} makes no {exact}"
        limit, part = figure(behind.arguments.get("value")), value
        assert isinstance(part, Fraction)
        if own in ("capped", "under_cap") and limit is not None and part > max(limit, Fraction(0)):
            yield f"{part} is more than {limit}"
        if own == "large_enough" and limit is not None and part <= limit - CENT:
            yield f"{part} is paid, and less than {limit}"
        would = figure(behind.arguments.get("would"))
        if own == "dropped" and not (part == 0 and would and limit and 0 < would < limit):
            yield f"{part} is paid, or {would} is not below {limit}"
        if own in ("exact", "rounded_up", "rounded_down", "rounded_alike", "grown"):
            said = figure(behind.arguments["part"])
            made = figure(behind.arguments["value"])
            if said != part or made is None or abs(made - part) >= CENT:
                yield f"{said} and {made} are not {part}"


def _key(outcome: Outcome, how: str, step: Explanation) -> Iterator[str]:
    own, total, ratio = (figure(step.arguments[name]) for name in ("own", "total", "ratio"))
    if own is not None and total and ratio is not None and own / total != ratio:
        yield f"{own} of {total} is not {ratio}"


def _account(outcome: Outcome, how: str, step: Explanation) -> Iterator[str]:
    sides = [figure(step.arguments[at]) for at in ("opening", "added", "taken", "closing")]
    known = [one for one in sides if one is not None]
    if len(known) == 4 and known[0] + known[1] - known[2] != known[3]:
        yield f"{known} do not add up"


def _given(outcome: Outcome, how: str, step: Explanation) -> Iterator[str]:
    account, target = step.arguments["account"], step.arguments["target"]
    assert isinstance(target, Word)
    # Charges have no name of their own.
    source = account.name if isinstance(account, Word) else ""
    assert source or account == Said("origin.charges")
    moved = _moved(
        outcome,
        step,
        lambda one: (
            (one.source.name, one.target.name) == (source, target.name)
            and (one.target.kind == "account") == how.startswith("moved")
        ),
    )
    if not _agrees(step.value, moved) or step.value == 0:
        yield f"{step.value} to {target.name}, where the books say {dict(moved)}"


def _charges(outcome: Outcome, how: str, step: Explanation) -> Iterator[str]:
    taken = total([one.amount for one in outcome.books if one.source.kind == "charges"])
    known = isinstance(taken, Fraction)
    if step.value != taken if known else isinstance(step.value, Fraction):
        yield f"{step.value} is not {taken}"


def _received(outcome: Outcome, how: str, step: Explanation) -> Iterator[str]:
    parts = [one.value for one in step.steps]
    known = [one for one in parts if isinstance(one, Fraction)]
    if len(known) == len(parts) and sum(known, Fraction(0)) != step.value:
        yield f"{known} are not {step.value}"


CHECKS: dict[str, tuple[Callable[[Outcome, str, Explanation], Iterator[str]], ...]] = {
    "item": (_item,),
    "charges": (_charges,),
    "losses": (_item,),
    "part": (_part,),
    "key": (_key,),
    "account": (_account,),
    "moved": (_given,),
    "shared": (_given,),
    "received": (_received,),
}
