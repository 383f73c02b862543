"""A text above another: which articles of the model, or of the general law, stand in it.

A statute may start from a model, and a law may stand under a more general one: an article that the
one replaces goes from the other with all its clauses.
"""

from collections.abc import Iterator, Mapping, Sequence

from attrs import evolve

from coopfx.ground.report import Report
from coopfx.ground.words import nearest
from coopfx.language import ast

_OF_THE_STATUTE_ALONE = (
    *(ast.Statute, ast.Currency, ast.InForce, ast.SourceLine),
    *(ast.BasedOn, ast.Example),
)


def model_of(document: ast.Document) -> ast.Name | None:
    """The name of the model that a statute starts from; None where it starts from none."""
    return next((item.model for item in document.clauses if isinstance(item, ast.BasedOn)), None)


def _tell_replaced_without_model(document: ast.Document, report: Report) -> None:
    """Tell (N221) the articles that replace one of a model, where there is no model."""
    for clause in document.clauses:
        if isinstance(clause, ast.Article) and clause.replaces:
            report.tell("N221", clause.span, number=clause.number)


def rest_of_models(
    statute: ast.Document, models: Mapping[str, ast.Document], report: Report
) -> dict[str, ast.Document]:
    """What stands of the models that a statute starts from, each of which may start from the next.

    The headings and the examples of models are their own. An article that the statute, or a model
    below, replaces goes with all its clauses; one that no model above has is told (N222).
    """
    texts = (statute, *models.values())
    for place, text in enumerate(texts[:-1], 1):
        there = {number for above in texts[place:] for number in _numbers(above)}
        _tell_not_there(_replaced_by(text), there, report)
    _tell_replaced_without_model(texts[-1], report)
    gone: set[str] = set()
    rest = {}
    for below, (name, model) in zip(texts, models.items(), strict=False):
        gone |= set(_replaced_by(below))
        standing = _standing(model, gone)
        clauses = tuple(item for item in standing if not isinstance(item, _OF_THE_STATUTE_ALONE))
        rest[name] = evolve(model, clauses=clauses)
    return rest


def rest_of_laws(
    laws: Mapping[str, ast.Document], under: Mapping[str, Sequence[str]], report: Report
) -> dict[str, ast.Document]:
    """What stands of each law beside those that stand ``under`` it, which may replace its articles."""
    gone: dict[str, set[str]] = {name: set() for name in laws}
    for name, above in under.items():
        replaced = _replaced_by(laws[name])
        there = {number for general in above for number in _numbers(laws[general])}
        _tell_not_there(replaced, there, report)
        for general in above:
            gone[general] |= set(replaced)
    return {
        name: evolve(document, clauses=tuple(_standing(document, gone[name])))
        for name, document in laws.items()
    }


def _replaced_by(document: ast.Document) -> dict[str, ast.Article]:
    return {
        clause.number: clause
        for clause in document.clauses
        if isinstance(clause, ast.Article) and clause.replaces
    }


def _numbers(document: ast.Document) -> set[str]:
    return {clause.number for clause in document.clauses if isinstance(clause, ast.Article)}


def _standing(document: ast.Document, gone: set[str]) -> Iterator[ast.Clause]:
    """The clauses of a text but for the articles, with all that is in them, that are gone."""
    stands = True
    for clause in document.clauses:
        if isinstance(clause, ast.Article):
            stands = clause.number not in gone
        if stands:
            yield clause


def _tell_not_there(replaced: Mapping[str, ast.Article], numbers: set[str], report: Report) -> None:
    """Tell (N222) the articles that replace one that is not there."""
    for number, clause in replaced.items():
        if number not in numbers:
            near = nearest(number, sorted(numbers))
            report.tell("N222", clause.span, number=number, nearest=near)
