"""The texts that a program is made of: the statute's own, its models', its laws', the prelude.

Laws, models and the prelude rarely change, so that their trees are kept.
"""

from collections.abc import Sequence

from attrs import evolve

from coopfx.desk.law_words import amiss, speaking_of, tell_amiss
from coopfx.ground.code import grammar_folder
from coopfx.ground.kept import remember
from coopfx.ground.report import Report
from coopfx.ground.source import Source, Span
from coopfx.ground.words import Words, nearest
from coopfx.language import ast
from coopfx.language.compose import model_of, rest_of_laws
from coopfx.language.scope import PRELUDE, Text, header
from coopfx.plugged.published import PUBLISHER, how_to_install
from coopfx.plugged.world import Provided, World


def read_document(source: Source, words: Words, report: Report) -> ast.Document | None:
    """Text to AST; None, and told, where the text has any mistake of syntax."""
    before = report.errors()
    document = read_partly(source, words, report)
    return document if report.errors() == before else None


def read_partly(source: Source, words: Words, report: Report) -> ast.Document:
    """Text to AST: all clauses that can be read, each with its lines that can; told, what cannot."""
    from coopfx.language.from_tree import build
    from coopfx.language.parse import parse  # slow to load, and not needed where all is kept

    return build(parse(source, words, report), source, words, report)


def kept_document(source: Source, words: Words, report: Report) -> ast.Document | None:
    """The AST of a text that rarely changes, from the cache where the same code has left it."""
    report.read(source)
    read_by = repr(evolve(words, phrases={}, diagnostics={}))
    parts = (source.file, source.text, read_by)
    return remember(lambda: read_document(source, words, report), "document", *parts)


def laws_of(document: ast.Document) -> tuple[ast.Name, ...]:
    """The laws that a statute, or a law, stands under."""
    under = (item.laws for item in document.clauses if isinstance(item, ast.Statute | ast.Law))
    return next(under, ())


def titles_of_laws(world: World) -> dict[str, str]:
    """What each law that is installed is called, in the language that it is written in."""
    found: dict[str, str] = {}
    for provided in world.laws.values():
        words = world.words(provided.law.language)
        document = kept_document(provided.source(), words, Report())
        clauses = () if document is None else document.clauses
        found |= {one.name: one.title for one in clauses if isinstance(one, ast.Law) and one.title}
    return found


def labels_of(text: Text) -> dict[str, str]:
    """What a text calls the accounts that it declares."""
    return {
        text.words.canonical(clause.name.word): clause.label
        for clause in text.document.clauses
        if isinstance(clause, ast.Account) and clause.label
    }


def read_models(
    document: ast.Document, world: World, report: Report
) -> dict[str, ast.Document] | None:
    """The models that a statute starts from, by name, the nearest first.

    None, and told, where one is not installed (N223), or goes back to itself (N224).
    """
    found: dict[str, ast.Document] = {}
    over = document
    while (name := model_of(over)) is not None:
        if name.word in found:
            report.tell("N224", name.span, name=name.word)
            return None
        model = world.models.get(name.word)
        if model is None:
            near = nearest(name.word, world.models)
            known = tuple(sorted(world.models))
            plugin, install = _brought_by(f"model {name.word}")
            report.tell(
                "N223",
                name.span,
                name=name.word,
                nearest=near,
                known=known,
                plugin=plugin,
                install=install,
            )
            return None
        source = Source(model.file, model.text, model.language)
        text = kept_document(source, world.words(model.language), report)
        if text is None:
            return None
        found[name.word] = over = text
    return found


def read_prelude(world: World, report: Report) -> Text:
    """What every statute may speak of, in the language itself."""
    words = world.words("en")
    path = grammar_folder() / "prelude.coop"
    document = kept_document(Source("prelude.coop", path.read_text("utf-8")), words, report)
    assert document is not None, "the prelude is well formed"
    return Text(document, words, PRELUDE)


def read_laws(names: Sequence[ast.Name], world: World, report: Report) -> dict[str, Text] | None:
    """The laws of these names and all that they stand under, each once, the named ones first.

    None, and told, where one is not installed (N207) or has mistakes (L509).
    """
    documents: dict[str, ast.Document | None] = {}
    waiting = list(names)
    for name in waiting:
        if name.word not in documents:
            document = documents[name.word] = _law(name, world, report)
            waiting += laws_of(document) if document else ()
    read = {name: document for name, document in documents.items() if document is not None}
    if len(read) < len(documents):
        return None
    under = {name: [law.word for law in laws_of(document)] for name, document in read.items()}
    found = rest_of_laws(read, under, report)
    laws = {}
    for law, document in found.items():
        words = world.words(document.language)
        for other in found:
            words = speaking_of(words, world.laws[other].law)
        laws[law] = Text(document, words, law)
    return laws


def tell_no_law(name: str, where: Span | None, world: World, report: Report) -> None:
    """Tell (N207) that no law of a name is installed, and what brings it where that is known."""
    near, known = nearest(name, world.laws), tuple(sorted(world.laws))
    plugin, install = _brought_by(f"law {name}")
    report.tell("N207", where, name=name, nearest=near, known=known, plugin=plugin, install=install)


def _brought_by(declaration: str) -> tuple[str, str]:
    """The plugin of this repository that brings a law or a model, and how it is installed; or nothing."""
    publisher = PUBLISHER.get(declaration, "")
    return publisher, how_to_install(publisher) if publisher else ""


def _law(name: ast.Name, world: World, report: Report) -> ast.Document | None:
    provided = world.laws.get(name.word)
    if provided is None:
        tell_no_law(name.word, name.span, world, report)
        return None
    law = provided.law
    for language, reason in amiss(law).items():
        tell_amiss(provided, language, reason, report)
    words = speaking_of(world.words(law.language), law)
    source = provided.source()
    quiet = Report()
    document = kept_document(source, words, quiet)
    report.read(source)
    if document is None or header(document, quiet) is None:
        _tell_unusable(name, provided, source, words, report)
        return None
    return document


def _tell_unusable(
    name: ast.Name, provided: Provided, source: Source, words: Words, report: Report
) -> None:
    """Tell (L509) that a law's text has mistakes, once and with the first: they are not the reader's."""
    found = Report()
    document = read_document(source, words, found)
    if document is not None:
        header(document, found)
    first = found.in_order()[0]
    place = f"{source.file}:{first.span.line}" if first.span else source.file
    report.tell(
        "L509",
        name.span,
        name=provided.law.name,
        distribution=provided.plugin.origin,
        place=place,
        why=first,
    )
