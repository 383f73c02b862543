"""A statute that starts from a model: which of the model's articles stand, and what replaces them."""

from attrs import evolve

from coopfx.language import ast
from coopfx.report import Report
from coopfx.words import nearest

_OF_THE_STATUTE_ALONE = (
    *(ast.Statute, ast.Currency, ast.InForce, ast.SourceLine),
    *(ast.BasedOn, ast.Example),
)


def model_of(document: ast.Document) -> ast.Name | None:
    """The name of the model that a statute starts from; None where it starts from none."""
    return next((item.model for item in document.clauses if isinstance(item, ast.BasedOn)), None)


def tell_replaced_without_model(document: ast.Document, report: Report) -> None:
    """Tell (N221) the articles that replace one of a model, where there is no model."""
    for clause in document.clauses:
        if isinstance(clause, ast.Article) and clause.replaces:
            report.tell("N221", clause.span, number=clause.number)


def rest_of_model(model: ast.Document, statute: ast.Document, report: Report) -> ast.Document:
    """What stands of a model in a statute that starts from it.

    The model's heading and its examples are its own. An article that the statute replaces goes with
    all its clauses; one that the model does not have is told (N222).
    """
    replaced = {
        clause.number: clause
        for clause in statute.clauses
        if isinstance(clause, ast.Article) and clause.replaces
    }
    kept: list[ast.Clause] = []
    numbers: set[str] = set()
    stands = True
    for clause in model.clauses:
        if isinstance(clause, ast.Article):
            numbers.add(clause.number)
            stands = clause.number not in replaced
        if stands and not isinstance(clause, _OF_THE_STATUTE_ALONE):
            kept.append(clause)
    for number, clause in replaced.items():
        if number not in numbers:
            report.tell(
                "N222", clause.span, number=number, nearest=nearest(number, sorted(numbers))
            )
    return evolve(model, clauses=tuple(kept))
