"""Scenarios of a year as they are asked for: each worked out beside the year as it was."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path

from attrs import frozen

from coopfx.desk.amended import with_passages
from coopfx.desk.policy import StatuteFile, read_text
from coopfx.desk.speaking import words_for
from coopfx.desk.versions import Statute
from coopfx.desk.workspace import Workspace
from coopfx.desk.years import Year
from coopfx.engine.compare import compare
from coopfx.engine.examples.run import run_examples
from coopfx.engine.outcome import Amended, Comparison, Scenario
from coopfx.ground.exact import Missing, Undefined, Value
from coopfx.ground.report import Report, Said
from coopfx.ground.source import Source
from coopfx.ground.words import Words, nearest
from coopfx.language import ir

_ARROW = re.compile(r"\s*(?:->|=>|→)\s*")
_LANGUAGE = re.compile(r".*\.([a-z]{2,3})\.coop")


@frozen(slots=True)
class Wanted:
    """A change as it is asked for: its ``sort`` is ``change``, ``with``, ``decide`` or ``set``."""

    sort: str
    said: str


@frozen(slots=True)
class Tried:
    """A scenario that is worked out: what comes of it, and the year as it would be."""

    scenario: Scenario
    year: Year


def try_scenario(
    held: Workspace, base: Year, name: str, wanted: Sequence[Wanted], report: Report
) -> Tried | None:
    """A year with changes, beside the year as it was; None, and told, where one cannot be made.

    The texts that change are those of the version in force; a passage is looked for in the language
    of the policy first, and then in its others.
    """
    made = make_scenario(held, base, wanted, report)
    if made is None:
        return None
    scenario, year = made
    texts = scenario.over.texts
    everyone = {sort: table.ids for sort, table in base.facts.tables.items()}
    found = compare(base.outcome, year.outcome, everyone)
    before = {file.path: held.text(file, Report()) for file in held.policy.statutes}
    amended = tuple(
        one
        for path, text in texts.items()
        if (source := before.get(path)) is not None
        for one in amended_lines(source, text, held.world.words(source.language))
    )
    idle = "" if _differs(found) else _idle(base, year, tuple(texts))
    examples = _broken(held, base.statute, year.statute.program) if texts else ()
    said = tuple(one.said for one in wanted)
    return Tried(Scenario(name or "; ".join(said), said, amended, found, idle, examples), year)


def make_scenario(
    held: Workspace, base: Year, wanted: Sequence[Wanted], report: Report
) -> tuple[Workspace, Year] | None:
    """The policy with changes, and its year with them; None, and told, where one cannot be made."""
    own = Report()
    texts = _texts(held, base, wanted, own)
    figures = _figures(wanted, own)
    if own.failed:
        report.take(own)
        return None
    scenario = held.scenario(texts, figures)
    year = scenario.outcome(base.folder, own)
    if year is not None:
        _tell_no_decisions(held, year.statute, wanted, own)
    report.take(own)
    return None if year is None or own.failed else (scenario, year)


# ---- what is asked for


def _texts(
    held: Workspace, base: Year, wanted: Sequence[Wanted], report: Report
) -> dict[Path, str]:
    """The texts of a scenario by the paths that they lie over, one change after the other."""
    files = [file for file in held.policy.statutes if file.version == base.statute.file.version]
    files.sort(key=lambda file: file.language != held.policy.language)
    texts: dict[Path, str] = {}
    for one in wanted:
        if one.sort == "with":
            _take_file(files, Path(one.said), texts, report)
        elif one.sort == "change":
            old, *new = _ARROW.split(one.said.strip())
            if not old or len(new) != 1 or not new[0]:
                _tell_no_change(one, report)
            else:
                _take_passage(held, files, (old, new[0]), texts, report)
    return texts


def _take_file(
    files: Sequence[StatuteFile], path: Path, texts: dict[Path, str], report: Report
) -> None:
    """A whole text, in the place of the policy's own in its language (P939, P937)."""
    found = _LANGUAGE.fullmatch(path.name)
    language = found[1] if found else files[0].language if len(files) == 1 else ""
    own = next((file for file in files if file.language == language), None)
    if own is None:
        report.tell("P939", None, path=path.name, example=files[0].path.name)
    elif own.path in texts:
        report.tell("P937", None, name=own.path.name)
    elif (source := read_text(path, language, report)) is not None:
        texts[own.path] = source.text


def _take_passage(
    held: Workspace,
    files: Sequence[StatuteFile],
    passage: tuple[str, str],
    texts: dict[Path, str],
    report: Report,
) -> None:
    """A passage changed in the text where it stands: one that has been changed already, else any."""
    first: Report | None = None
    for file in files if not texts else [file for file in files if file.path in texts]:
        source, own = held.text(file, Report()), Report()
        if source is None:
            continue
        text = texts.get(file.path, source.text)
        text = with_passages(Source(source.file, text, file.language), dict([passage]), own)
        if not own.failed:
            texts[file.path] = text
            return
        first = first or own
        if any(one.code == "P991" for one in own.diagnostics):
            first = own
            break
    if first is not None:
        report.take(first)


def _figures(wanted: Iterable[Wanted], report: Report) -> dict[str, object]:
    """The figures, balances and decisions of a scenario by their names as they were given."""
    figures: dict[str, object] = {}
    for one in wanted:
        if one.sort not in ("decide", "set"):
            continue
        name, sign, value = (part.strip() for part in one.said.partition("="))
        if not (name and sign and value):
            _tell_no_change(one, report)
        elif name in figures:
            report.tell("P937", None, name=name)
        else:
            figures[name] = value
    return figures


def _tell_no_change(one: Wanted, report: Report) -> None:
    sort = "text" if one.sort == "change" else "figure"
    report.tell("P935", None, found=one.said[:60], form=Said(f"compare.form.{sort}"))


def _tell_no_decisions(
    held: Workspace, statute: Statute, wanted: Iterable[Wanted], report: Report
) -> None:
    """Tell (P938) what is to be decided and is no decision of the meeting."""
    decisions = {node.name for node in statute.program.nodes if isinstance(node, ir.Decision)}
    laws = statute.program.laws
    languages = [words_for(held.world, name, laws, held.policy) for name in held.world.languages]
    for one in wanted:
        name = one.said.partition("=")[0].strip()
        if one.sort != "decide" or decisions & {words.figure(name) for words in languages}:
            continue
        known = [word for words in languages for word in map(words.word, sorted(decisions))]
        report.tell("P938", None, name=name[:60], nearest=nearest(name, known))


def tell_same_articles(found: Sequence[Scenario], report: Report) -> None:
    """Tell (P936) articles that two scenarios change: each is compared by itself, and none has both."""
    for one, other in combinations(found, 2):
        touched = {item.article for item in other.amended}
        both = dict.fromkeys(item.article for item in one.amended if item.article in touched)
        for article in filter(None, both):
            report.tell("P936", None, first=one.name, second=other.name, article=article)


# ---- what changes in the texts


def amended_lines(source: Source, text: str, words: Words) -> Iterator[Amended]:
    """The lines of a text that another has otherwise, each with its article."""
    old, new = source.text.splitlines(), text.splitlines()
    for code in SequenceMatcher(None, old, new, False).get_opcodes():
        tag, start, end, left, right = code
        if tag != "equal":
            yield Amended(
                Path(source.file).name,
                article_of(code, old, new, words),
                start + 1,
                tuple(line.strip() for line in old[start:end] if line.strip()),
                tuple(line.strip() for line in new[left:right] if line.strip()),
            )


def article_of(
    code: tuple[str, int, int, int, int], old: Sequence[str], new: Sequence[str], words: Words
) -> str:
    """The article in which lines are changed, as difflib tells of them; empty before the first."""
    tag, start, _, left, _ = code
    article = _article(old[: start + 1] if tag != "insert" else old[:start], words)
    return article or _article(new[: left + 1], words)


def _article(lines: Sequence[str], words: Words) -> str:
    """The number of the article in which the last of some lines stands; empty before the first."""
    heads = (*words.keywords["ARTICLE"], *words.keywords["REPLACE_ARTICLE"])
    head = re.compile(rf"\s*(?:{'|'.join(map(re.escape, heads))})\s+(\S+)", re.IGNORECASE)
    found = (head.match(line) for line in reversed(lines))
    return next((one[1] for one in found if one), "")


# ---- where nothing comes of it


def _differs(found: Comparison) -> bool:
    moved = [one.moved for one in (*found.accounts, *found.sources)]
    moved += [one.moved for one in found.records]
    moved += [one.balances for one in found.accounts if one.balances is not None]
    return bool(found.rules) or any(two.before != two.after for two in moved)


def _idle(base: Year, year: Year, amended: Sequence[Path]) -> str:
    """Why nothing comes of a scenario: a reason of the word files."""
    program = year.statute.program
    if ir.difference(base.statute.program, program) is not None:
        return "elsewhere"
    was, now = ((of.facts.figures, of.facts.balances, of.facts.tables) for of in (base, year))
    if was != now:
        return "elsewhere"
    return "figures" if len(year.outcome.provenance.changes) > len(amended) else "texts"


def _broken(held: Workspace, before: Statute, after: ir.Program) -> tuple[str, ...]:
    """The titles of the examples that a statute kept and its amended text does not."""
    failed = [one.title for one in run_examples(after, Report()) if not one.passed]
    if not failed:
        return ()
    kept = held.kept_examples(before)
    return tuple(title for title in failed if title in kept)


# ---- people, as they are shown


def names_of(year: Year) -> dict[str, str]:
    """What people are called, by identifier, where the data say so."""
    table = year.facts.tables.get("person")
    column = table.columns.get("name") if table else None
    if table is None or column is None:
        return {}
    return {one: str(name) for one, name in zip(table.ids, column, strict=True) if name is not None}


def grouping(
    year: Year, asked: str, languages: Sequence[Words], report: Report
) -> dict[str, str] | None:
    """What a figure or link of each person is, as it is shown; None, and told (P940), if it is none.

    A person of whom it is not known has an empty one.
    """
    program, table = year.statute.program, year.facts.tables.get("person")
    inputs = {item.key: item.type for item in program.inputs if item.record == "person"}
    worked = {
        name: index
        for index, name in program.names.items()
        if program.nodes[index].record == "person"
    }
    names = {words.canonical("_".join(asked.split())) for words in languages}
    name = next((one for one in (*inputs, *worked) if one in names), None)
    if name is None or table is None:
        known = [word for words in languages for word in map(words.word, (*inputs, *worked))]
        report.tell("P940", None, name=asked[:60], nearest=nearest(asked, known))
        return None
    column: Sequence[Value | None] | Missing = table.columns.get(name, ())
    type_ = inputs.get(name)
    if name in worked:
        column, type_ = year.evaluation.column(worked[name]), program.nodes[worked[name]].type
    if isinstance(column, Missing) or type_ is None:
        return {}
    return {
        one: languages[0].value(value, type_)
        for one, value in zip(table.ids, column, strict=False)
        if not (value is None or isinstance(value, Missing | Undefined))
    }
