"""Every extension point, and the frozen declarations that plugins return through them.

A plugin is a distribution with an entry point in the group ``coopfx`` that names a module. The module
implements any of the hooks below, each marked with ``@hookimpl``. Every hook collects: no plugin hides
another, and two declarations of one name are an error that names both distributions. A plugin is taken
whole or not at all: where anything of it is amiss, one message says so and all the others still run.

A declaration carries the version of the contract that it is written for. State it as a number,
``Law(…, contract=2)``: a coopfx of another contract then says so by the plugin's name. Without it, the
declaration goes with whatever coopfx there is.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from attrs import Factory, frozen
from pluggy import HookimplMarker, HookspecMarker

from coopfx.engine.outcome import Compared, Results
from coopfx.ground.facts import Schema, Sheet
from coopfx.ground.plain import Plain
from coopfx.ground.report import Report
from coopfx.ground.tables import Block, Layout, Spread
from coopfx.ground.words import Words

CONTRACT = 2
"""The version of this contract, the newest that this coopfx knows.

What each version changed is a phrase of the word files, ``plugins.contract.NUMBER``.
"""

OLDEST_CONTRACT = 1
"""The oldest version that this coopfx still reads; one that is older or newer is refused by name."""

hookspec = HookspecMarker("coopfx")
hookimpl = HookimplMarker("coopfx")


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Language(Plain):
    """A natural language: its code, which the names of statute files bear, and its word file's text.

    ``[keywords]``, ``[numbers]`` and ``[units]`` are as full as in grammars/en.toml; a sentence or a
    name that the file lacks is in English.
    """

    name: str
    text: str
    contract: int = CONTRACT


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Law(Plain):
    """A law: its text in the statute language, and its names and titles in each language.

    ``file`` is what diagnostics call the text, ``language`` the natural language it is written in.
    ``words`` maps a language to the text of a TOML file with the tables ``names``, ``definite`` (the
    grammatical article of a name, where it has one), ``labels``, ``abbreviations`` (as people write
    them: ``cofip = "COFIP"``), ``rules``, ``messages`` and ``articles``.
    """

    name: str
    file: str
    language: str
    text: str
    words: dict[str, str] = Factory(dict)
    contract: int = CONTRACT


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Model(Plain):
    """A statute that others may start from, in the statute language.

    ``file`` is what diagnostics call the text, ``language`` the natural language it is written in.

    ``questions`` is the text of a TOML file that says what the model leaves open, for ``coopfx new`` to
    ask: the tables ``questions``, ``articles``, ``examples`` and ``names``. ``words`` maps a language to
    the text of a TOML file with what its readers see of them: ``title`` and ``about`` the model, a
    ``text`` and a ``why`` for each of ``questions``, and what pieces take from ``said``.
    """

    name: str
    file: str
    language: str
    text: str
    contract: int = CONTRACT
    questions: str = ""
    words: dict[str, str] = Factory(dict)


def laws_in(folder: Path, namespace: str, contract: int = CONTRACT) -> list[Law]:
    """The laws of a plugin whose module stands in ``folder``, by name, for its ``coopfx_laws``.

    ``law/NAME.LANGUAGE.coop`` is the text of the law ``namespace.NAME``, ``words/LANGUAGE/NAME.toml``
    what it is called in one more language. A file that cannot be read raises OSError or UnicodeError.
    """
    return [
        Law(
            f"{namespace}.{name}",
            f"{folder.name}/law/{path.name}",
            language,
            path.read_text("utf-8"),
            {
                words.parent.name: words.read_text("utf-8")
                for words in sorted((folder / "words").glob(f"*/{name}.toml"))
            },
            contract,
        )
        for path, name, language in _texts(folder / "law")
    ]


def models_in(folder: Path, namespace: str, contract: int = CONTRACT) -> list[Model]:
    """The model statutes of a plugin whose module stands in ``folder``, for its ``coopfx_models``.

    ``models/NAME.LANGUAGE.coop`` is the text of the model ``namespace.NAME``; a NAME may hold dots.
    ``models/NAME.toml`` says what it leaves open, ``words/LANGUAGE/NAME.toml`` says it to readers.
    A file that cannot be read raises OSError or UnicodeError.
    """
    return [
        Model(
            f"{namespace}.{name}",
            f"{folder.name}/models/{path.name}",
            language,
            path.read_text("utf-8"),
            contract,
            table.read_text("utf-8") if (table := path.parent / f"{name}.toml").is_file() else "",
            {
                words.parent.name: words.read_text("utf-8")
                for words in sorted((folder / "words").glob(f"*/{name}.toml"))
            },
        )
        for path, name, language in _texts(folder / "models")
    ]


def _texts(folder: Path) -> Iterator[tuple[Path, str, str]]:
    """The files NAME.LANGUAGE.coop of a folder, each with both parts of its name."""
    for path in sorted(folder.glob("*.*.coop")):
        name, _, language = path.name.removesuffix(".coop").rpartition(".")
        yield path, name, language


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Reader(Plain):
    """A format of data files: a file of a year's folder that ends in one of ``suffixes`` is read by it.

    A suffix is ``.xlsx``, or more of a name's end, in which ``?`` is any one sign, ``#``
    any digit and ``*`` whatever there is: ``fec########*.txt``. Of several that fit, the longest holds.

    ``read`` is given the file's path, the file itself as a stream of bytes at its beginning, what the
    statute may be given, and the report. The stream can be rewound and stays open until the year is
    read, so that the rows of a large file need not be kept. It is no larger than ``most`` bytes: of a
    larger file coopfx tells by itself (D714).

    It returns sheets of cells as text, one a sort of record; one of the record ``cooperative`` holds
    the cooperative's own figures, so that a single file can be a whole year. What the names of columns
    mean, whether a cell is an amount or a date and whether the figure may be is for coopfx to say, in
    the reader's language. A file that is not what it should be is told in the report, which then holds
    an error.

    ``knows`` may say by the beginning of a file, whatever its name, that it is of this format.
    ``beside`` are names of further files of a year's folder that the plugin reads by itself, such as its
    settings: any other file that nothing reads is named with the reason.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[Path, BinaryIO, Schema, Report], Iterable[Sheet]]
    contract: int = CONTRACT
    most: int = 256_000_000
    knows: Callable[[bytes], bool] | None = None
    beside: tuple[str, ...] = ()


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Writer(Plain):
    """A format of outcomes, asked for by ``coopfx run --format NAME``.

    ``write`` is given a year's results and the words to speak of them, and returns the text or the
    bytes of one file, or of several by their names. It opens no file: coopfx prints what it returns,
    or puts it where ``--output`` says, whole or not at all.

    ``anonymous`` writes the same where ``--anonymous`` asks that nobody be named or found; a format
    without it is then refused. What is ``personal``, a paper for each person, is written so that its
    owner alone can read it. ``beside`` are names of files of a year's folder that the plugin reads by
    itself: no file of the year is named as read by nobody for it. One that is ``naming`` calls people by
    the names that ``Results.name`` gives: it may be asked for with ``--names``.
    """

    name: str
    write: Callable[[Results, Words], "str | bytes | Mapping[str, str | bytes]"]
    contract: int = CONTRACT
    anonymous: Callable[[Results, Words], "str | bytes | Mapping[str, str | bytes]"] | None = None
    personal: bool = False
    beside: tuple[str, ...] = ()
    naming: bool = False


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Command(Plain):
    """A command: ``coopfx NAME``, with the line that ``coopfx --help`` shows of it.

    ``target`` is ``module:name`` of a click command. The module is loaded when the command is called
    and not before, so that no other command starts the slower for it.
    """

    name: str
    line: str
    target: str
    contract: int = CONTRACT


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Sentences(Plain):
    """What a plugin says of its own, in each natural language.

    ``name`` is the prefix that keeps them apart from all others, in small letters. ``texts`` maps a
    language to the text of a TOML file. ``[phrases]`` are said by ``words.phrase("NAME.KEY", …)``;
    ``[diagnostics.E01]``, with ``message``, ``help`` and ``why``, is told by
    ``report.tell("NAME.E01", place, …)`` and explained by ``coopfx help NAME.E01``. The letter of a code
    says how much it weighs: E an error, W a warning, N a note. English must be there, and is said
    where another language lacks a sentence.
    """

    name: str
    texts: dict[str, str]
    contract: int = CONTRACT


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class TableFormat(Plain):
    """A format of tables of many cooperatives: files that end in ``suffix`` are read and written by it.

    ``read`` is given a path, the names of the columns that are wanted (None: all), how many rows a
    block has at most, and the report, and yields the blocks of the file in order. Numbers come as
    exact decimals or as texts; a column of floats is told, for a float is not the number that
    was written. ``write`` is given a path, the table's layout and its blocks, and makes the file: the
    same bytes however the rows are cut into blocks.

    A format that can leave out rows unread may have ``find``. It is given what ``read`` is, and the
    name of a column of texts with the text that is looked for, after the columns; it yields those
    blocks alone that may hold the text, each with how many rows of the file stand before it.
    """

    name: str
    suffix: str
    read: Callable[[Path, Sequence[str] | None, int, Report], Iterator[Block]]
    write: Callable[[Path, Layout, Iterable[Block]], None]
    contract: int = CONTRACT
    find: (
        Callable[
            [Path, Sequence[str] | None, tuple[str, str], int, Report],
            Iterator[tuple[int, Block]],
        ]
        | None
    ) = None


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class Engine(Plain):
    """Something that runs the buckets of a federation: processes of one machine, or a cluster.

    ``run`` is given a function, the paths of the tasks and how many workers to use. It calls the
    function once with each path, in any order and on any machine that sees the same files, and yields
    each path when its task is done. A task whose worker dies is given to another one: doing it twice
    does no harm, for its result appears whole or not at all. What a task raises is raised.
    """

    name: str
    run: Callable[[Callable[[str], None], Sequence[str], int], Iterator[str]]
    contract: int = CONTRACT


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class ComparisonWriter(Plain):
    """A format of comparisons, asked for by ``coopfx compare --format NAME``.

    ``write`` is given scenarios of one year, how they are to be shown, and the words to speak of them,
    and returns the text or the bytes of one file. It keeps to what ``anonymous`` asks: a format that
    cannot tells so in the report, and writes nothing.
    """

    name: str
    write: Callable[[Compared, Words], str | bytes]
    contract: int = CONTRACT


@frozen(slots=True, repr=False, eq=False, getstate_setstate=False)
class WorkbookFormat(Plain):
    """A format that holds all tables of a federation in one file.

    It is asked for by ``coopfx federation sheets --format NAME``. ``write`` is given the tables as people
    read them and the words that they are in, and returns the bytes of the file. Each table has a
    ``title``, the ``heads`` of its columns and ``rows``, whose cells are texts, whole numbers, exact
    fractions, days, or None. No row is left out, however many there are.
    """

    name: str
    write: Callable[[Sequence[Spread], Words], bytes]
    contract: int = CONTRACT


Declaration = (
    Language
    | Law
    | Model
    | Reader
    | Writer
    | Command
    | Sentences
    | TableFormat
    | Engine
    | ComparisonWriter
    | WorkbookFormat
)


@hookspec
def coopfx_languages() -> Iterable[Language]:  # type: ignore[empty-body]
    """Natural languages that statutes may be written in and that coopfx speaks."""


@hookspec
def coopfx_laws() -> Iterable[Law]:  # type: ignore[empty-body]
    """Laws that a statute may stand under."""


@hookspec
def coopfx_models() -> Iterable[Model]:  # type: ignore[empty-body]
    """Model statutes that a statute may be based on."""


@hookspec
def coopfx_readers() -> Iterable[Reader]:  # type: ignore[empty-body]
    """Formats that a year's records may be read from."""


@hookspec
def coopfx_writers() -> Iterable[Writer]:  # type: ignore[empty-body]
    """Formats that a year's outcome may be written in."""


@hookspec
def coopfx_commands() -> Iterable[Command]:  # type: ignore[empty-body]
    """Commands beside those of coopfx itself."""


@hookspec
def coopfx_sentences() -> Iterable[Sentences]:  # type: ignore[empty-body]
    """What a plugin says of its own: phrases, and diagnostics with codes of its own."""


@hookspec
def coopfx_tables() -> Iterable[TableFormat]:  # type: ignore[empty-body]
    """Formats that tables of many cooperatives are read from and written in."""


@hookspec
def coopfx_engines() -> Iterable[Engine]:  # type: ignore[empty-body]
    """Engines that run the buckets of a federation."""


@hookspec
def coopfx_comparisons() -> Iterable[ComparisonWriter]:  # type: ignore[empty-body]
    """Formats that scenarios of a year may be written in, beside the year as it was."""


@hookspec
def coopfx_workbooks() -> Iterable[WorkbookFormat]:  # type: ignore[empty-body]
    """Formats that all tables of a federation may be written in together, for people."""


HOOKS: dict[str, type[Declaration]] = {
    "coopfx_languages": Language,
    "coopfx_laws": Law,
    "coopfx_models": Model,
    "coopfx_readers": Reader,
    "coopfx_writers": Writer,
    "coopfx_commands": Command,
    "coopfx_sentences": Sentences,
    "coopfx_tables": TableFormat,
    "coopfx_engines": Engine,
    "coopfx_comparisons": ComparisonWriter,
    "coopfx_workbooks": WorkbookFormat,
}
"""Each hook, and what it returns."""
