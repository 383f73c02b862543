"""The order of the passes, from a text to an outcome, on one page.

Each pass takes its input and the report, and returns its output; none raises for a user's mistake.
A pass tells all the mistakes that it finds before the next one begins. What is asked of one policy
again and again is better asked of a workspace, which works each thing out once.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from coopfx.desk.policy import Policy, StatuteFile
from coopfx.desk.versions import Statute
from coopfx.desk.workspace import Workspace
from coopfx.desk.years import Year as Year
from coopfx.desk.years import choose_year, read_files
from coopfx.ground.facts import Facts
from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.plugged.world import World

if TYPE_CHECKING:
    from coopfx.desk.data import Watch
    from coopfx.engine.outcome import Explanation, Outcome, Results

# ---- text to program


def compile_statute(
    file: StatuteFile, policy: Policy, world: World, report: Report
) -> Statute | None:
    """A statute file to its program; None, and told, where it has any mistake."""
    return Workspace(policy, world).compiled(file, report)


def compile_source(
    source: Source, file: StatuteFile, policy: Policy, world: World, report: Report
) -> Statute | None:
    """A statute's text to its program: parse, build, add the prelude and the laws, assemble."""
    from coopfx.desk.compiling import compile_source as compile_text

    return compile_text(source, file, policy, world, report)


def check_policy(
    policy: Policy, world: World, report: Report, *, locked: bool = True
) -> list[Statute]:
    """Compile every version and language of a policy's statute, and hold the languages together.

    Where it is ``locked``, the packs that it stands under are held against those that it keeps.
    """
    return Workspace(policy, world).statutes(report, locked=locked)


# ---- text to text


def format_source(source: Source, world: World, report: Report) -> str | None:
    """A text, laid out; None, and told, where it has any mistake of syntax."""
    from coopfx.language.format import layout
    from coopfx.language.lines import read_lines
    from coopfx.language.translate import usual

    words = world.words(source.language)
    read = read_lines(source, words, report)
    return None if read is None else layout(usual(read[0], words), words)


def mend_source(source: Source, policy: Policy, world: World) -> Source:
    """A statute with the lines that its diagnostics say to write, where one reading is possible.

    A line that is mended may show another: no more often than there are lines.
    """
    from coopfx.language.mended import mended

    file = StatuteFile(policy.path, "", source.language)
    for _ in source.text.split("\n"):
        report = Report()
        compile_source(source, file, policy, world, report)
        text = mended(source, report.in_order())
        if text == source.text:
            break
        source = Source(source.file, text, source.language)
    return source


def translate_source(
    source: Source, language: str, policy: Policy, world: World, report: Report
) -> str | None:
    """A text in another language; None, and told, where it cannot be read or said there."""
    from coopfx.desk.speaking import words_for
    from coopfx.desk.texts import laws_of, read_laws, read_models
    from coopfx.language import ast
    from coopfx.language.from_tree import build
    from coopfx.language.lines import read_lines
    from coopfx.language.translate import translate
    from coopfx.language.tree import data as rule_of

    own = world.words(source.language)
    read = read_lines(source, own, report)
    if read is None:
        return None
    heading = [tree for tree in read[1] if rule_of(tree) in ("statute", "law", "based_on")]
    document = build(heading, source, own, report)
    models = read_models(document, world, Report()) or {}
    under = [name for text in (document, *models.values()) for name in laws_of(text)]
    declared = [clause.name for clause in document.clauses if isinstance(clause, ast.Law)]
    names = (*(read_laws(under, world, Report()) or [name.word for name in under]), *declared)
    words, target = (words_for(world, one, names, policy) for one in (source.language, language))
    return translate(source, read, words, target, world.words(language), report)


# ---- data to facts


def read_year(
    folder: Path,
    statute: Statute,
    world: World,
    policy: Policy,
    report: Report,
    watch: "Watch | None" = None,
) -> Facts | None:
    """A year's folder, or single file, to facts; None, and told, where any file has a mistake.

    ``watch`` may wrap the streams that are read, to show how far they have come.
    """
    from coopfx.desk.data import Files, unwatched

    with Files(folder, world, watch or unwatched, policy.settings) as files:
        return read_files(files, statute, policy, report)


def read_policy(
    policy: Policy, data: Path | None, world: World, report: Report
) -> tuple[Statute, Facts] | None:
    """A policy's year before it is evaluated: the statute in force at its closing, and its facts.

    Accounts that open at another sum than they closed at the year before are told (R820).
    """
    folder = choose_year(policy, data, world, report)
    if folder is None or report.failed:
        return None
    workspace = Workspace(policy, world)
    read = workspace.facts(folder, report)
    if read is not None:
        workspace.tell_openings(*read, folder, report)
    return read


# ---- facts to outcome


def evaluate_policy(
    policy: Policy,
    data: Path | None,
    world: World,
    report: Report,
    watch: "Watch | None" = None,
) -> Year | None:
    """A policy's year: choose it and the statute in force at its closing, read, evaluate, settle."""
    return Workspace(policy, world, watch=watch).year(data, report)


def evaluate_year(
    statute: Statute, facts: Facts, folder: Path, world: World, report: Report
) -> Year:
    """Evaluate and settle a year that has been read."""
    from coopfx.desk.evaluated import evaluate_year as evaluate_read

    return evaluate_read(statute, facts, folder, world, report)


def results(policy: Policy, year: Year, world: World, report: Report) -> "Results":
    """All that a writer may say of a year: its outcome with what was told of it, and what lies behind."""
    return Workspace(policy, world).results(year, report)


def evaluate(statute: Statute, facts: Facts, world: World) -> "Outcome":
    """Evaluate a compiled statute on facts."""
    return evaluate_year(statute, facts, Path(), world, Report()).outcome


def explain(year: Year, name: str, record: str = "") -> "Explanation | None":
    """Why a figure of a year is what it is; None where there is no such figure."""
    from coopfx.desk.evaluated import explain as explain_figure

    return explain_figure(year, name, record)
