"""``coopfx federation``: many cooperatives at once."""

import os
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from time import monotonic
from typing import Any, NoReturn

import click

from coopfx.apps.cli.common import (
    NOTHING_WRONG,
    SOMETHING_WRONG,
    UNUSABLE,
    Session,
    language_option,
)
from coopfx.apps.cli.output import force_option, write_files, write_folder
from coopfx.apps.cli.spoken import none_of
from coopfx.desk.policy import open_policy
from coopfx.desk.speaking import names_of_all, words_of_all
from coopfx.desk.texts import titles_of_laws
from coopfx.formats.sector import not_summed
from coopfx.ground.report import Report
from coopfx.ground.tables import Spread
from coopfx.ground.words import Words
from coopfx.plugged.hookspecs import WorkbookFormat
from coopfx.plugged.published import how_to_install

_CSV = "csv"
_OPTIONS = {"engine": "--engine", "tableformat": "--tables", "workbookformat": "--format"}


@click.group("federation")
def command() -> None:
    """Evaluate many cooperatives at once, and show them beside each other.

    Example: coopfx federation run policies --output outcome
    """


def _places(function: Callable[..., Any]) -> Callable[..., Any]:
    function = click.option(
        "--tables",
        "form",
        metavar="FORMAT",
        help="The format of the tables; without it parquet, or csv where parquet is not installed.",
    )(function)
    return click.argument("source", type=click.Path(path_type=Path))(function)


@command.command("run")
@_places
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="The folder to write the tables into: new, empty, or of an earlier run.",
)
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True, help="How many.")
@click.option(
    "--engine",
    "engine_name",
    metavar="ENGINE",
    default="processes",
    show_default=True,
    help="What runs the buckets: processes, or an engine that a plugin brings.",
)
@click.option("--resume", is_flag=True, help="Go on where a run of the same data was interrupted.")
@click.option("--year", default="", help="The year of each policy, by its name; else the latest.")
@click.option(
    "--block",
    type=click.IntRange(1),
    default=65_536,
    show_default=True,
    help="About how many rows one bucket has: memory goes by it, results never do.",
)
@language_option
def run(
    source: Path,
    form: str | None,
    output: Path,
    workers: int,
    engine_name: str,
    resume: bool,
    year: str,
    block: int,
    lang: str | None,
) -> None:
    """Evaluate every cooperative of a folder, and write tables of the outcome.

    SOURCE is a folder of policies, or one with tables of many cooperatives: cooperatives.csv or
    .parquet, people, teams and so on with a column cooperative, and the statutes that they follow:
    statute.en.coop, or several in the folder statutes.

    Example: coopfx federation run policies --output outcome --workers 2
    """
    session = Session(lang, "text")
    _speak(session, source)
    _needs_numpy(session)
    engine = _named(session, "engine", engine_name, session.world.engines)
    tables = _form(form, session)
    with Bar(session.words) as bar:
        try:
            from coopfx.federation.run import Asked
            from coopfx.federation.run import run as run_all

            spoken = session.asked or ""
            asked = Asked(source, output, engine, tables, workers, block, resume, year, spoken)
            summary = run_all(asked, session.world, session.report, bar.show)
        except (OSError, ValueError, RuntimeError) as error:
            reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
            session.report.tell("P972", None, engine=engine.name, reason=reason)
            summary = None
        except MemoryError:
            smaller = max(block // 8, 1)
            session.report.tell("P977", None, block=block, smaller=smaller)
            summary = None
    if summary is None:
        _unusable(session)
    for line in said(summary, session.words):
        click.echo(line)
    click.echo(session.words.phrase("federation.written", path=str(output)))
    session.tell()
    raise SystemExit(_status(summary))


def _status(summary: dict[str, Any]) -> int:
    """That a rule is violated, where every cooperative was judged; else that some were not."""
    cooperatives = summary["cooperatives"]
    if cooperatives["refused"]:
        return UNUSABLE
    return SOMETHING_WRONG if cooperatives["breaking_a_rule"] else NOTHING_WRONG


def said(summary: dict[str, Any], words: Words) -> list[str]:
    """What a run comes to, for people: cooperatives, and the rules that any of them breaks."""
    own = summary["cooperatives"]
    lines = [
        words.phrase("federation.evaluated", count=own["evaluated"]),
        words.phrase("federation.breaking", count=own["breaking_a_rule"]),
    ]
    if own["refused"]:
        lines.append(words.phrase("federation.refused", count=own["refused"]))
    rules = sorted(summary["verdicts"].items(), key=lambda item: (-item[1]["violated"], item[0]))
    for name, counts in rules:
        if counts["violated"] or counts["undetermined"]:
            statuses = ", ".join(
                f"{count} {words.phrase('status.' + status.replace('_', ' '))}"
                for status, count in counts.items()
                if count
            )
            lines.append(f"  {words.phrases.get(f'rule.{name}', words.label(name))}: {statuses}")
    for one in summary.get("scenarios", ()):
        lines += said_of_scenario(one, words)
    return lines


def said_of_scenario(one: dict[str, Any], words: Words) -> list[str]:
    """What a scenario comes to for all cooperatives together: who gains and loses, and that it closes."""
    name, compared, currency = one["scenario"], one["compared"], one["currency"] or "–"
    lines = [
        words.phrase("federation.scenario.title", name=name, count=compared, currency=currency)
    ]
    sums = {
        key: _signed(one[key], words)
        for key in ("gains", "losses", "records", "accounts", "sources", "rest")
    }
    counts = {key: one[key] for key in ("gain", "lose", "same")}
    lines.append(words.phrase("federation.scenario.people", **sums, **counts))
    lines.append(words.phrase("federation.scenario.closing", **sums))
    violated, kept = one["newly_violated"], one["newly_kept"]
    lines.append(words.phrase("federation.scenario.rules", violated=violated, kept=kept))
    for key, count in not_summed(one):
        lines.append(words.phrase(f"federation.scenario.{key}", count=count))
    return lines


def _signed(text: str, words: Words) -> str:
    decimals = len(text.partition(".")[2])
    sign = "+" if Fraction(text) > 0 else ""
    return sign + words.number(Fraction(text), decimals, fixed=True)


@command.command("check")
@click.argument("source", type=click.Path(path_type=Path))
@language_option
def check(source: Path, lang: str | None) -> None:
    """Check every statute of a federation, of a folder of policies or of tables.

    Example: coopfx federation check policies
    """
    session = Session(lang, "text")
    folders = _speak(session, source)
    if not folders:
        from coopfx.federation.statutes import tell_nothing

        tell_nothing(source, session.report)
        _unusable(session)
    spoken = session.words
    with Bar(spoken) as bar:
        for number, folder in enumerate(folders):
            bar.show("check", number, len(folders))
            held = session.hold(str(folder))
            if held is not None:
                held.statutes(session.report, locked=False)
    session.words = spoken
    session.tell()
    if not session.report.failed:
        click.echo(session.words.phrase("federation.checked", count=len(folders)))
    session.end()


def _speak(session: Session, source: Path) -> list[Path]:
    """Take the language that all statutes of a federation share, unless another was asked for.

    The words call rules as the laws that they are of do, and as the statutes' settings do.
    """
    folders = _statutes(source)
    found = (open_policy(one, Report()) for one in folders)
    policies = [one for one in found if one is not None]
    shared = {one.language for one in policies}
    language = session.asked or (shared.pop() if len(shared) == 1 else session.words.language)
    session.words = words_of_all(session.world, language, names_of_all(policies))
    return folders


def _statutes(source: Path) -> list[Path]:
    found = [source] if source.is_dir() and any(source.glob("statute*.coop")) else []
    for room in (source / "statutes", source):
        if room.is_dir():
            found += [
                one
                for one in sorted(room.iterdir())
                if one.is_dir() and any(one.glob("statute*.coop"))
            ]
    return found


@command.command("why")
@_places
@click.argument("cooperative")
@click.argument("what", nargs=-1, required=True)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="The folder of a run: every figure of the cooperative there is compared with this one.",
)
@click.option("--year", default="", help="The year of the policy, by its name; else the latest.")
@language_option
def why(
    source: Path,
    form: str | None,
    cooperative: str,
    what: tuple[str, ...],
    output: Path | None,
    year: str,
    lang: str | None,
) -> None:
    """Say why one cooperative's figure is what it is, and whether the tables say the same.

    WHAT is as for coopfx explain: an account, a figure, a rule, or a figure of one record.

    Example: coopfx federation why policies alma work_share --output outcome
    """
    session = Session(lang, "text")
    _needs_numpy(session)
    from coopfx.apps.cli.explain import languages_for
    from coopfx.desk.asking import explain_year
    from coopfx.federation.why import differences, year_of
    from coopfx.formats import tree

    found = year_of(source, cooperative, year, session.world, session.report)
    if found is None:
        _unusable(session)
    policy, evaluated = found
    session.speak(policy, evaluated.statute.program.laws, evaluated.statute.words)
    languages = languages_for(session, policy, evaluated)
    explanation = explain_year(evaluated, " ".join(what), languages, session.report)
    if explanation is not None:
        from coopfx.apps.cli.common import style_of

        click.echo(tree.explanation(explanation, session.words, style_of(sys.stdout)), nl=False)
    if output is not None:
        tables = _form(form, session, output)
        compared, wrong = differences(output, tables, cooperative, evaluated, session.report)
        for table, name, left, right in wrong[:20]:
            session.report.tell(
                "P973", None, table=table, name=name, found=str(right), expected=str(left)
            )
        if not wrong and not session.report.failed:
            click.echo(session.words.phrase("federation.same", count=compared))
    session.tell()
    session.end()


@command.command("report")
@click.argument("output", type=click.Path(path_type=Path))
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    help="The page to write; else report.html beside the tables.",
)
@click.option("--tables", "form", metavar="FORMAT", help="The format of the tables.")
@force_option
@language_option
def report(output: Path, to: Path | None, form: str | None, force: bool, lang: str | None) -> None:
    """Show a run as one page: sector averages beside each cooperative, rules, and who is near an edge.

    Example: coopfx federation report outcome
    """
    session = Session(lang, "text")
    _needs_numpy(session)
    from coopfx.federation.sector import sector_of
    from coopfx.formats import federation

    tables = _form(form, session, output)
    sector = sector_of(output, tables, session.report)
    if sector is None:
        _unusable(session)
    # A sector may stand under any law: rules are called as the law that they are of calls them.
    language = session.asked or sector.language
    language = language if language in session.world.languages else session.words.language
    session.words = words_of_all(session.world, language, sector.names)
    page = federation.page(sector, session.words, titles_of_laws(session.world))
    target = to or output / "report.html"
    # The page beside the tables is theirs, and made anew with them.
    write_files(page, target, session.report, force=force or to is None)
    if not session.report.failed:
        click.echo(session.words.phrase("federation.page", path=str(target)))
    session.tell()
    session.end()


@command.command("sheets")
@click.argument("results", type=click.Path(path_type=Path))
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="Where to write: a folder, of a workbook a file; with --force also one that is there.",
)
@click.option(
    "--format",
    "kind",
    metavar="FORMAT",
    default=_CSV,
    show_default=True,
    help="The format: csv, a file for each table, or xlsx, one workbook.",
)
@click.option("--exact", is_flag=True, help="Give each fraction as it is too, such as 11/23.")
@click.option("--tables", "form", metavar="FORMAT", help="The format of the tables.")
@force_option
@language_option
def sheets(
    results: Path,
    output: Path,
    kind: str,
    exact: bool,
    form: str | None,
    force: bool,
    lang: str | None,
) -> None:
    """Write the tables of a run as a spreadsheet opens them in your language.

    RESULTS is the folder of a run. Each table becomes a CSV file, or a sheet of a workbook, whose heads
    and names are in the reader's language, and whose numbers add up.

    Example: coopfx federation sheets outcome --output sheets --lang fr
    """
    session = Session(lang, "text")
    _needs_numpy(session)
    from coopfx.federation.layouts import layouts
    from coopfx.federation.sector import spoken_of, texts_of
    from coopfx.formats.sector_tables import spread_of
    from coopfx.formats.spreadsheet import csv_of

    workbook = (
        None if kind == _CSV else _named(session, "workbookformat", kind, session.world.workbooks)
    )
    tables = _form(form, session, results)
    found = layouts(scenarios=(results / f"scenarios{tables.suffix}").is_file())
    for name in found:
        path = results / f"{name}{tables.suffix}"
        if not path.is_file():
            session.report.tell("P976", None, path=str(path))
    if session.report.failed:
        _unusable(session)
    language, names = spoken_of(results)
    language = session.asked or language
    language = language if language in session.world.languages else session.words.language
    session.words = words_of_all(session.world, language, names)
    made = {}
    for name, layout in found.items():
        rows = texts_of(results, name, tuple(layout.columns), tables, session.report)
        made[name] = spread_of(name, layout.columns, rows, session.words, exact=exact)
    if session.report.failed:
        _unusable(session)
    if workbook is not None:
        _write_workbook(session, workbook, list(made.values()), output, force=force)
    files = {
        f"{name}.csv": csv_of(one.heads, one.rows, session.words) for name, one in made.items()
    }
    known = frozenset(files)
    if write_folder(output, files, session.report, force=force, ours=known.__contains__):
        said = session.words.phrase("federation.sheets", path=str(output), count=len(files))
        click.echo(said)
    session.tell()
    session.end()


def _write_workbook(
    session: Session, form: WorkbookFormat, tables: list[Spread], output: Path, *, force: bool
) -> NoReturn:
    """Write tables into one workbook, and end; what a plugin's writer raises is told (P931)."""
    try:
        written = form.write(tables, session.words)
    except Exception as error:
        session.world.tell_failure(form, error, session.report)
        _unusable(session)
    write_files(written, output, session.report, force=force)
    if not session.report.failed:
        said = session.words.phrase("federation.workbook", path=str(output), count=len(tables))
        click.echo(said)
    session.tell()
    session.end()


def _unusable(session: Session) -> NoReturn:
    session.tell()
    raise SystemExit(UNUSABLE)


def _needs_numpy(session: Session) -> None:
    """Make numpy ready; refuse, and tell (P974), where it is not installed: the core does not need it."""
    from importlib.util import find_spec

    if find_spec("numpy") is None:
        session.report.tell("P974", None, install=how_to_install("columns"))
        _unusable(session)
    # Each thread for linear algebra, which there is none of, would set forty megabytes aside.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _form(name: str | None, session: Session, output: Path | None = None) -> Any:
    """The format that is asked for, that a run's tables are in, or the best that is installed."""
    world = session.world
    if name is None and output is not None:
        for form in world.tables.values():
            if (output / f"runs{form.suffix}").is_file():
                return form
    if name is None:
        return world.tables.get("parquet") or world.tables["csv"]
    return _named(session, "tableformat", name, world.tables)


def _named(session: Session, sort: str, name: str, known: dict[str, Any]) -> Any:
    if name not in known:
        if session.tell_not_installed(sort, name):
            _unusable(session)
        listed = [_CSV, *known] if sort == "workbookformat" else known
        raise none_of(name, listed, _OPTIONS[sort])
    return known[name]


class Bar:
    """A progress bar on a terminal, once a run has taken two seconds."""

    def __init__(self, words: Words) -> None:
        self._words, self._start, self._shown = words, monotonic(), False

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            click.echo("\r\033[K", err=True, nl=False)

    def show(self, step: str, done: int, of: int) -> None:
        """Tell how far a step is."""
        if not sys.stderr.isatty() or monotonic() - self._start < 2:
            return
        self._shown = True
        filled = 30 * done // max(of, 1)
        name = self._words.phrase(f"federation.step.{step}")
        click.echo(
            f"\r\033[K{name} {'#' * filled}{'.' * (30 - filled)} {done}/{of}", err=True, nl=False
        )
