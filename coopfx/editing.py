"""What an editor, a page or a script asks of a text while it is written, also where it has mistakes.

Places count from 1, in code points; ``utf16`` counts the same place as most editors do.
"""

import tomllib
from collections.abc import Iterator, Mapping

from attrs import Factory, fields, frozen

from coopfx.desk.policy import StatuteFile
from coopfx.desk.speaking import words_for
from coopfx.desk.texts import laws_of, read_laws, read_models, read_partly, read_prelude
from coopfx.desk.workspace import Workspace
from coopfx.ground.code import grammar_folder
from coopfx.ground.report import Diagnostic, Report
from coopfx.ground.source import Source, Span
from coopfx.ground.words import Words
from coopfx.language import ast
from coopfx.language.counted import tokens_of
from coopfx.language.parse import admitted_after
from coopfx.language.scope import Declaration, Scope, Text, currency_of
from coopfx.language.tokens import CLAUSE_WORDS, COMMENT, SYMBOLS, scan
from coopfx.language.tokens import Token as Lexed
from coopfx.language.wordings import ARTICLE
from coopfx.scripts.policy import HeldPolicy

_SORTS = {
    COMMENT: "remark",
    "STRING": "text",
    "NUMBER": "number",
    "DATE": "date",
    "NAME": "name",
    "CURRENCY": "unit",
    "ARTICLE_NUMBER": "number",
    ARTICLE: "word",
    **dict.fromkeys(SYMBOLS.values(), "sign"),
}


@frozen(slots=True)
class Token:
    """A word or a sign of a text.

    ``sort`` is clause (a keyword that begins one), keyword, name, number, text, date, unit, sign, word
    (an article that is passed over) or remark; ``terminals`` are those of the grammar that it may be.
    """

    sort: str
    text: str
    span: Span
    terminals: tuple[str, ...]


@frozen(slots=True)
class Known:
    """A name that a text may use: what it is, what reports call it, where it is declared and used.

    ``sort`` is figure, account, record, group, rule, law or model. ``definition`` is None for what
    nothing declares by itself, as an account that is only fed. ``uses`` are those of this text.
    """

    name: str
    word: str
    label: str
    sort: str
    definition: Span | None
    uses: tuple[Span, ...] = ()


@frozen(slots=True)
class Clause:
    """A clause of a text: the keyword's class in small letters, what it declares, its place."""

    sort: str
    name: str
    span: Span


@frozen(slots=True)
class Expected:
    """What may stand at a place: phrases of the language, and names, each with what reports call it."""

    phrases: tuple[str, ...]
    names: tuple[Known, ...]


@frozen(slots=True)
class Mend:
    """A way out of a mistake: a passage and what to write in its place."""

    span: Span
    text: str


@frozen(slots=True)
class Edited:
    """A text of a policy as it stands on the screen; ``read`` gives it.

    ``diagnostics`` are all that ``check`` tells of this text alone. ``clauses`` are those that can be
    read, each with its lines that can: a mistake in one hides no other.
    """

    source: Source
    words: Words
    clauses: tuple[Clause, ...]
    names: tuple[Known, ...]
    diagnostics: tuple[Diagnostic, ...] = Factory(tuple)

    @property
    def tokens(self) -> tuple[Token, ...]:
        """All that stands in the text, spaces and line ends aside."""
        found = scan(self.source, self.words, Report())
        return tuple(
            Token(_sort(one), one.text, self.source.span(one.start, one.end), one.kinds)
            for one in found
            if one.kind != "_NL"
        )

    def named_at(self, line: int, column: int) -> Known | None:
        """The name that stands at a place; None where none does."""
        for known in self.names:
            places = (*known.uses, *([known.definition] if known.definition else ()))
            if any(_within(span, self.source.file, line, column) for span in places):
                return known
        return None

    def expected(self, line: int, column: int) -> Expected:
        """What may stand at a place, of that with which the word there begins, if one has begun.

        >>> import coopfx
        >>> text = 'statute "Oven"\\ncurrency EUR\\nin force from 2024-01-01\\narticle 1 "A"\\n  sha'
        >>> edited = read(coopfx.open("policies/quartet"), "statute.en.coop", text)
        >>> edited.expected(5, 6).phrases
        ('share',)
        """
        offset = sum(len(self.source.line(one)) + 1 for one in range(1, line)) + column - 1
        start = offset
        while start and (
            self.source.text[start - 1].isalnum() or self.source.text[start - 1] in "_."
        ):
            start -= 1
        begun = self.source.text[start:offset].casefold()
        before = Source(self.source.file, self.source.text[:start], self.source.language)
        tokens = tokens_of(before, self.words, Report())
        at_line = not before.text.rpartition("\n")[2].strip()
        if tokens and not tokens[-1].text and not at_line:
            tokens = tokens[:-1]
        admitted = set(admitted_after(_clause_of(tokens)))
        if at_line:
            admitted |= CLAUSE_WORDS
        phrases = {
            phrase
            for terminal in admitted & self.words.keywords.keys()
            for phrase in self.words.keywords[terminal]
            if phrase.casefold().startswith(begun)
        }
        names = [
            known
            for known in self.names
            if known.word.casefold().startswith(begun) or known.label.casefold().startswith(begun)
        ]
        return Expected(tuple(sorted(phrases)), tuple(names) if "NAME" in admitted else ())

    def mends(self, diagnostic: Diagnostic) -> tuple[Mend, ...]:
        """The ways out that a diagnostic names: the nearest of the names that can stand at its place."""
        near, span = diagnostic.arguments.get("nearest"), diagnostic.span
        if not (isinstance(near, str) and near) or span is None or span.file != self.source.file:
            return ()
        found = _text_at(self.source, span)
        wrong = (diagnostic.arguments.get("name"), diagnostic.arguments.get("found"))
        places = (span, *(one for one in diagnostic.related if _text_at(self.source, one) == found))
        return tuple(Mend(place, near) for place in places) if found in wrong else ()

    def utf16(self, span: Span) -> Span:
        """A place of this text with its columns in UTF-16 code units."""
        first, last = self.source.line(span.line), self.source.line(span.end_line)
        return Span(
            span.file,
            span.line,
            _units(first[: span.column - 1]) + 1,
            span.end_line,
            _units(last[: span.end_column - 1]) + 1,
        )

    def from_utf16(self, line: int, column: int) -> tuple[int, int]:
        """The line and the column in code points of a place whose column counts UTF-16 code units."""
        units = 0
        for index, sign in enumerate(self.source.line(line)):
            if units >= column - 1:
                return line, index + 1
            units += _units(sign)
        return line, len(self.source.line(line)) + 1


def read(policy: HeldPolicy, file: str, text: str | None = None) -> Edited:
    """A text of a policy, by the name of its file; ``text`` is what stands on the screen, unsaved.

    KeyError where the policy has no such file.
    """
    held = policy._held
    statute = {one.path.name: one for one in held.policy.statutes}[file]
    over = held if text is None else held.with_unsaved({statute.path: text})
    return read_held(over, statute)


def read_held(held: Workspace, file: StatuteFile) -> Edited:
    """A text of a policy that is held open, with what lies over it."""
    report, quiet = Report(), Report()
    source = held.text(file, quiet) or Source(str(file.path), "", file.language)
    held.compiled(file, report)
    world = held.world
    document = read_partly(source, world.words(file.language), quiet)
    models = read_models(document, world, quiet) or {}
    under = [name for one in (document, *models.values()) for name in laws_of(one)]
    known = [name for name in under if name.word in world.laws]
    laws = read_laws(known, world, quiet) or {}
    words = words_for(world, file.language, tuple(laws), held.policy)
    own = Text(document, words)
    texts = [
        read_prelude(world, quiet),
        *laws.values(),
        *(
            Text(one, words_for(world, one.language, tuple(laws), held.policy), model=name)
            for name, one in models.items()
        ),
        own,
    ]
    told = tuple(item for item in report.in_order() if item.file in ("", source.file))
    clauses = tuple(Clause(*_outlined(one), one.span) for one in document.clauses)
    return Edited(source, words, clauses, tuple(_names(own, texts)), told)


def example_of(code: str) -> tuple[str, str] | None:
    """The passage of a code's page that is told of, and the same mended; None where there is none.

    >>> wrong, mended = example_of("N201") or ("", "")
    >>> wrong != mended
    True
    """
    path = grammar_folder() / "diagnostics" / f"{code[0]}.toml"
    table = tomllib.loads(path.read_text("utf-8")).get(code, {}) if path.is_file() else {}
    if "wrong" not in table or "mended" not in table:
        return None
    return table["wrong"].strip("\n"), table["mended"].strip("\n")


def _sort(token: Lexed) -> str:
    if token.kind in CLAUSE_WORDS:
        return "clause"
    return _SORTS.get(token.kind, "keyword")


def _clause_of(tokens: list[Lexed]) -> list[Lexed]:
    """The tokens of the last clause."""
    for index in range(len(tokens) - 1, -1, -1):
        begins = index == 0 or tokens[index - 1].kind == "_NL"
        if begins and tokens[index].kind in CLAUSE_WORDS:
            return tokens[index:]
    return tokens


def _outlined(clause: ast.Clause) -> tuple[str, str]:
    """A clause's sort and what it declares or is called."""
    named = next(
        (
            value
            for name in ("number", "name", "title", "label")
            if (value := getattr(clause, name, ""))
        ),
        "",
    )
    return type(clause).__name__.lower(), named.word if isinstance(named, ast.Name) else str(named)


def _names(own: Text, texts: list[Text]) -> Iterator[Known]:
    """What the texts declare or feed, with its places in the text's own lines."""
    currency = currency_of(own.document)
    scope = Scope(currency.code if currency else "EUR", Report())
    for text in texts:
        scope.declare(text)
    scope.settle_defaults()
    uses: dict[str, list[Span]] = {}
    for node in _nodes(own.document.clauses):
        if isinstance(node, ast.Name):
            uses.setdefault(own.words.canonical(node.word), []).append(node.span)
    families: tuple[tuple[str, Mapping[str, Declaration | None]], ...] = (
        ("record", scope.records),
        ("group", scope.groups),
        ("figure", scope.figures),
        ("account", scope.accounts),
    )
    seen: set[str] = set()
    for sort, family in families:
        for name, declared in family.items():
            definition = declared.span if declared else None
            yield _known(name, sort, definition, uses, own.words)
            seen.add(name)
    for text in texts:
        for clause in text.document.clauses:
            if isinstance(clause, ast.Require) and clause.name is not None:
                name = text.words.canonical(clause.name.word)
                full = f"{text.law}.{name}" if text.law else name
                yield _known(full, "rule", clause.name.span, uses, own.words)
                seen.add(full)
    for node in _nodes(own.document.clauses):
        if isinstance(node, ast.Receiver | ast.Pool):
            fed = own.words.canonical(node.account.word)
            if fed not in seen:
                seen.add(fed)
                yield _known(fed, "account", None, uses, own.words)
    for text in texts:
        name = text.law or text.model
        if name:
            yield _known(name, "law" if text.law else "model", None, uses, own.words)


def _known(
    name: str, sort: str, definition: Span | None, uses: dict[str, list[Span]], words: Words
) -> Known:
    places = tuple(span for span in uses.get(name, ()) if span != definition)
    return Known(name, words.word(name), words.label(name), sort, definition, places)


def _nodes(part: object) -> Iterator[ast.Node]:
    """All that a part of a text holds, itself among it."""
    if isinstance(part, tuple):
        for one in part:
            yield from _nodes(one)
    elif isinstance(part, ast.Node):
        yield part
        for item in fields(type(part)):
            yield from _nodes(getattr(part, item.name))


def _within(span: Span, file: str, line: int, column: int) -> bool:
    return span.file == file and (span.line, span.column) <= (line, column) <= (
        span.end_line,
        span.end_column,
    )


def _text_at(source: Source, span: Span) -> str:
    return source.line(span.line)[span.column - 1 : span.end_column - 1]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
