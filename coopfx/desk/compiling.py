"""A statute's text to its program: parse, build, add the prelude, the models and the laws, assemble."""

from coopfx.desk.policy import Policy, StatuteFile, Term
from coopfx.desk.speaking import words_for
from coopfx.desk.texts import (
    labels_of,
    laws_of,
    read_document,
    read_laws,
    read_models,
    read_prelude,
)
from coopfx.desk.versions import Statute
from coopfx.ground.report import Report
from coopfx.ground.source import Source
from coopfx.language import ast
from coopfx.language.assemble import assemble
from coopfx.language.compose import rest_of_models
from coopfx.language.scope import Text
from coopfx.plugged.world import World


def compile_source(
    source: Source, file: StatuteFile, policy: Policy, world: World, report: Report
) -> Statute | None:
    """A statute's text to its program: parse, build, add the prelude and the laws, assemble."""
    document = read_document(source, world.words(source.language), report)
    if document is None:
        return None
    law = next((item for item in document.clauses if isinstance(item, ast.Law)), None)
    if law is not None:
        report.tell("L514", law.span)
        return None
    models = read_models(document, world, report)
    if models is None:
        return None
    names = [name for text in (document, *models.values()) for name in laws_of(text)]
    laws = read_laws(names, world, report)
    if laws is None:
        return None
    words = words_for(world, source.language, tuple(laws), policy)
    own = [
        Text(model, words_for(world, model.language, tuple(laws), policy), model=name)
        for name, model in reversed(rest_of_models(document, models, report).items())
    ]
    labels: dict[str, str] = {}
    for text in (*own, Text(document, words)):
        if text.words.language == words.language:
            labels |= labels_of(text)
    words = words.with_names({}, labels)
    texts = [read_prelude(world, report), *laws.values(), *own, Text(document, words)]
    program = assemble(texts, report)
    if program is None:
        return None
    line = next(item for item in document.clauses if isinstance(item, ast.InForce))
    term = Term(line.start, line.end)
    return Statute(file, source, program, words, term, line.span, labels)
