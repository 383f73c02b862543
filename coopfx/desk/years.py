"""The years of a policy: which there are, when each closes, what its files give."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from coopfx.desk.latest import is_plain, one_a_day
from coopfx.desk.policy import (
    STANDARD_INPUT,
    YEAR,
    Policy,
    Term,
    find_year,
    in_force_on,
)
from coopfx.desk.speaking import words_for
from coopfx.desk.versions import Statute, first_of_each_version
from coopfx.ground.facts import Facts, Field, Schema, Sheet
from coopfx.ground.figure import SHARES_HELD
from coopfx.ground.report import Report, Said, Severity
from coopfx.ground.source import Span
from coopfx.ground.words import Words, nearest
from coopfx.language import ir
from coopfx.plugged.world import World

if TYPE_CHECKING:
    from coopfx.desk.data import Files, Read
    from coopfx.engine.outcome import Outcome
    from coopfx.engine.reference.evaluation import Run
    from coopfx.formats.mapping import Mapped


@frozen(slots=True)
class Year:
    """A policy's year: the statute in force at its closing, its facts, and how they evaluate."""

    statute: Statute
    facts: Facts
    evaluation: "Run"
    outcome: "Outcome"
    folder: Path


def schema_of(program: ir.Program) -> Schema:
    """All that a year's data may give to a program."""
    return Schema(
        program.currency,
        tuple(program.field(item) for item in program.inputs),
        tuple(name for name, nodes in program.accounts.items() if nodes.record is None),
        program.records,
        tuple(program.origins),
        tuple(_decided(program, node) for node in program.nodes if isinstance(node, ir.Decision)),
        read=_read_by_clauses(program) | _bounding(program),
        floors={
            node.account: node.low
            for node in program.nodes
            if isinstance(node, ir.Balance) and node.is_given and node.low is not None
        },
    )


def _decided(program: ir.Program, node: ir.Decision) -> Field:
    """What a meeting may decide, as far as the texts alone say it: by that a percentage is known."""
    low, high = (_fixed(program, index) for index in (node.low, node.high))
    if high is None and node.high is None and node.low in program.percents:
        high = Fraction(1)
    return Field(node.name, node.type, None, low, high, judged=True)


def _fixed(program: ir.Program, index: int | None) -> Fraction | None:
    """A bound that is a constant, or a parameter of one value."""
    node = None if index is None else program.nodes[index]
    values: set[object] = set()
    if isinstance(node, ir.Slot):
        values = {program.constants[node.index]}
    elif isinstance(node, ir.Param):
        values = {line[1] for line in program.parameters[node.name].values}
    found = values.pop() if len(values) == 1 else None
    return found if isinstance(found, Fraction) else None


def _bounding(program: ir.Program) -> frozenset[str]:
    """The facts of records that bound others, and the shares held, which come to the capital: kept to hold
    the data against them, though no result rests on them."""
    bounds = ir.cone(program.nodes, [one.node for one in program.truths])
    found = (program.nodes[index] for index in bounds)
    return frozenset(one.key for one in found if isinstance(one, ir.Input) and one.record) | {
        SHARES_HELD
    }


def _read_by_clauses(program: ir.Program) -> frozenset[str]:
    """The facts that some clause reads, of the statute or of its laws; of the others none is kept.

    What the statute itself defines may be asked for, though nothing rests on it.
    """
    nodes = program.nodes
    given = {index for index in program.figures.values() if isinstance(nodes[index], ir.Input)}
    own = {name for name, origin in program.origins.items() if origin.law is None}
    roots = [root for root in program.roots() if root not in given]
    roots += [index for index, name in program.names.items() if name in own]
    rested = (nodes[index] for index in ir.cone(nodes, roots))
    return frozenset(node.key for node in rested if isinstance(node, ir.Input))


def digest_of_years(policy: Policy, years: Iterable[Path]) -> bytes:
    """A hash of the files of some years, and of those that all of them rest on: statute and settings."""
    total = sha256()
    files = [policy.settings, *(file.path for file in policy.statutes)]
    for year in years:
        files += sorted(year.rglob("*")) if year.is_dir() else [year]
    for path in files:
        if path.is_file():
            total.update(repr(str(path)).encode())
            total.update(sha256(path.read_bytes()).digest())
    return total.digest()


def unread(program: ir.Program) -> frozenset[str]:
    """The facts that may be given and that no clause reads."""
    return frozenset(item.key for item in program.inputs) - _read_by_clauses(program)


def languages_of(statute: Statute, policy: Policy, world: World) -> list[Words]:
    """The words in which a year's files may name a statute's facts, its own language first."""
    others = (name for name in sorted(world.languages) if name != statute.file.language)
    laws = statute.program.laws
    return [statute.words, *(words_for(world, name, laws, policy) for name in others)]


def read_files(
    files: "Files",
    statute: Statute,
    policy: Policy,
    report: Report,
    words: list[Words] | None = None,
) -> Facts | None:
    """What a year's files give a statute; None, and told, where any of them has a mistake.

    ``words`` are the languages_of() the statute, where they are known already.
    """
    from coopfx.formats.cooperative import OwnFigures
    from coopfx.formats.doubted import tell_gone
    from coopfx.formats.made import highest_of, tables_of
    from coopfx.formats.making import read_part
    from coopfx.formats.sheets import tell_broken_links

    before = report.errors()
    schema, world = schema_of(statute.program), files.world
    words = languages_of(statute, policy, world) if words is None else words
    own = OwnFigures(schema, words, report)
    document = files.document(YEAR, report)
    if document is not None:
        own.take_document(document)
    read = files.read(schema, words)
    parts = [
        part
        for sheet in read.parts
        if (part := read_part(sheet, schema, words, report, _mapped(read, sheet))) is not None
    ]
    for sheet in read.own:
        own.take_sheet(sheet)
    report.take(read.report)
    year = None
    if document is not None or not files.own:
        year = own.year(_first_line(files, read))
    whole = len(parts) == len(read.parts)
    closing = year.closing if year is not None and whole else None
    tables = tables_of(parts, read.records, closing, report)
    tell_broken_links(tables, read.records, schema, report)
    if year is None or report.errors() > before:
        return None
    tell_gone(parts, tables, year.closing, report)
    most = highest_of(parts, year.closing, year.figures, report)
    if report.errors() > before:
        return None
    return Facts(
        year.closing,
        {**year.figures, **{name: value for name, (value, _) in most.items()}},
        tables,
        year.balances,
        year.name,
        places={
            **year.places,
            **{name: Span.on_line(*made.rows[""][-1]) for name, (_, made) in most.items()},
        },
        files={record: Path(sheet.places.file).name for record, sheet in read.records.items()},
        made={name: made for name, (_, made) in most.items()},
        between=year.between,
    )


def _mapped(read: "Read", sheet: Sheet) -> "Mapped | None":
    """What is said of the file that a sheet stands in; None where nothing is."""
    return read.mapped.get(Path(sheet.places.file).name)


def _first_line(files: "Files", read: "Read") -> Span:
    """The first line of the file that the closing date is missing in."""
    file = str(files.own or (read.own[0].places.file if read.own else files.path))
    return Span(file, 1, 1, 1, 1)


def closing_of(files: "Files", schema: Schema, report: Report) -> tuple[date, Span] | None:
    """When a year closes, and where that stands; None where no file of it says so in the right form."""
    from coopfx.formats import cooperative

    if files.own is not None:
        document = files.document(YEAR, report)
        day = document.data.get("closing") if document else None
        if document is not None and type(day) is date:
            return day, document.place("closing")
        if document is None or "closing" in document.data:
            return None
    words = list(files.world.languages.values())
    found = (cooperative.closing_of(sheet, words) for sheet in files.read(schema, words).own)
    return next(filter(None, found), None)


def choose_year(policy: Policy, data: Path | None, world: World, report: Report) -> Path | None:
    """The year's folder or file: the one given, else the policy's latest; None, and told, where none is.

    A year of the policy may be given by its name alone, such as ``2024``. A folder without
    ``cooperative.toml`` is taken by itself only where one of its files gives a closing date.
    """
    if data is not None:
        found = find_year(policy, data, world.readers)
        if found is None:
            known = () if data.exists() else tuple(year.name for year in policy.years)
            near = nearest(data.name, known)
            report.tell("P904", None, path=str(data), file=YEAR, expected=known, nearest=near)
        return found
    if policy.path == STANDARD_INPUT:
        report.tell("P929", None)
        return None
    found = _last_by_name(policy, world, report)
    return None if found is None else last_by_day(found, policy, world, report)


def _last_by_name(policy: Policy, world: World, report: Report) -> Path | None:
    before = report.errors()
    for year in reversed(policy.years):
        if (year / YEAR).is_file() or _speaks_of_closing(year, world, report):
            return year
        if report.errors() > before:
            # An earlier year in its place would be taken for the latest.
            return None
    report.tell("P904", None, path=str(policy.path), file=YEAR, expected=(), nearest="")
    return None


def last_by_day(found: Path, policy: Policy, world: World, report: Report) -> Path:
    """The year that closes last, where names alone do not say which does; told, of which it is a copy.

    ``found`` is the last by its name: what is wrong with its date is told when it is read.
    """
    from coopfx.desk.data import Files

    others = [year for year in policy.years if not is_plain(year)]
    if not others:
        return found
    plain = [year for year in policy.years if is_plain(year)][-1:]
    closings = {}
    for year in dict.fromkeys((found, *others, *plain)):
        with Files(year, world, settings=policy.settings) as files:
            told = closing_of(files, Schema("EUR", (), (), ()), Report())
        closings[year] = told[0] if told else None
    last = max(filter(None, closings.values()), default=None)
    if closings[found] is None or last is None:
        return found
    return one_a_day({year: day for year, day in closings.items() if day == last}, report)[last]


def _speaks_of_closing(folder: Path, world: World, report: Report) -> bool:
    """Whether a file of a folder gives a closing date, well written or not, whatever the statute.

    Where none does, what keeps a file from being read is told, since the date may stand in it.
    """
    from coopfx.desk.data import Files
    from coopfx.formats import cooperative, mapping

    with Files(folder, world) as files:
        words = list(world.languages.values())
        read = files.read(Schema("EUR", (), (), ()), words)
        if any(cooperative.speaks_of_closing(sheet, words) for sheet in read.own):
            return True
    for item in read.report.diagnostics:
        # What names the records of a statute cannot be judged before the statute is read.
        if item.severity is Severity.ERROR and item.file != str(folder / mapping.FILE):
            report.add(item)
    return False


def dated_before(closings: dict[Path, date | None], closing: date, report: Report) -> list[Path]:
    """The years that closed before one, in their order; those without a date are left out.

    Of several that closed on one day, one is taken, and told (P949).
    """
    before = {year: day for year, day in closings.items() if day is not None and day < closing}
    return list(one_a_day(before, report).values())


def statute_in_force(
    statutes: list[Statute], files: "Files", policy: Policy, report: Report
) -> Statute | None:
    """The statute that holds when a year closes; None, and told (R806), where none does."""
    by_version = first_of_each_version(statutes)
    terms = {version: statute.term for version, statute in by_version.items()}
    latest = max(terms, key=lambda version: terms[version].start)
    before = report.errors()
    found = closing_of(files, schema_of(by_version[latest].program), report)
    if found is None:
        if report.errors() == before:
            read_files(files, by_version[latest], policy, report)
        return None
    closing, place = found
    version = in_force_on(closing, terms)
    if version is None:
        tell_none_in_force(terms, closing, place, report)
        return None
    return by_version[version]


def tell_none_in_force(
    terms: dict[str, Term], closing: date, place: Span | None, report: Report
) -> None:
    """Tell (R806) that no version of a statute is in force on a day, and which was last or is first."""
    ends = [term.end for term in terms.values() if term.end and term.start <= closing]
    first = Said("version.first", {"date": min(term.start for term in terms.values())})
    why = Said("version.last", {"date": max(ends)}) if ends else first
    report.tell("R806", place, date=closing, why=why)
