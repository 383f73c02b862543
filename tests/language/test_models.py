"""A statute that starts from a model: what stands of it, what replaces it, what is told."""

from pathlib import Path
from types import ModuleType

import pytest

from compiling import tried
from coopfx.desk.versions import Statute
from coopfx.ground.report import Report
from coopfx.plugged.hookspecs import Law, Model, hookimpl
from coopfx.plugged.world import Found, World, load_world

MODEL = """statuts « Modèle »
devise EUR
en vigueur depuis 2020-01-01

article 1 « Répartition »
  répartir l'excédent
    60 % à la part_travail
    le reste à réserves.développement
    pertes au report_à_nouveau_débiteur

article 2 « Part travail »
  partager la part_travail entre les salariés selon heures

exemple « du modèle »
  soit excédent = 100 EUR
  on obtient part_travail = 60 EUR
"""

LAW = """law demo.law "Demo"
currency EUR
in force from 2020-01-01
source "Act of Demo"

article 1 "Fund"
  ref "Act of Demo, article 1"
  require fund: reserves >= 1% of surplus
"""

HEAD = 'statute "Oak"\nbased on model\ncurrency EUR\nin force from 2024-01-01\n'


def world(**texts: str) -> World:
    module = ModuleType("models")

    @hookimpl
    def coopfx_models() -> list[Model]:
        return [Model(name, f"{name}.fr.coop", "fr", text) for name, text in texts.items()]

    @hookimpl
    def coopfx_laws() -> list[Law]:
        return [Law("demo.law", "law.en.coop", "en", LAW)]

    module.coopfx_models = coopfx_models  # type: ignore[attr-defined]
    module.coopfx_laws = coopfx_laws  # type: ignore[attr-defined]
    report = Report()
    made = load_world(report, [(Found("models", "models", "models", "1"), module)])
    assert not report.diagnostics
    return made


def compiled(text: str, **models: str) -> tuple[Statute | None, Report]:
    return tried(text, world(**models or {"model": MODEL}))


def codes(report: Report) -> list[str]:
    return [item.code for item in report.in_order() if item.code != "M410"]


def test_the_articles_of_the_model_stand_in_the_statute() -> None:
    statute, report = compiled(HEAD)
    assert statute is not None and codes(report) == []
    assert [clause.source for clause in statute.program.allocations] == ["surplus"]
    assert statute.program.allocations[0].origin.model == "model"
    assert [clause.account for clause in statute.program.shares] == ["work_share"]
    assert statute.program.examples == ()


def test_a_replaced_article_goes_with_all_its_clauses() -> None:
    article = 'replace article 2 "Equally"\n  share work_share among members equally\n'
    statute, report = compiled(HEAD + article)
    assert statute is not None and codes(report) == []
    assert [clause.group for clause in statute.program.shares] == ["members"]


def test_an_article_of_its_own_is_added() -> None:
    article = 'article 3 "Size"\n  require size: headcount <= 40 for each team\n'
    statute, report = compiled(HEAD + article)
    assert statute is not None and codes(report) == []
    assert [rule.name for rule in statute.program.rules] == ["size"]


@pytest.mark.parametrize(
    ("article", "code"),
    [
        ('article 2 "Again"\n  define half = surplus / 2\n  require x: half > 0 EUR\n', "N206"),
        ('replace article 9 "None"\n  define half = surplus / 2\n', "N222"),
    ],
)
def test_an_article_that_is_in_the_way_or_is_not_there_is_told(article: str, code: str) -> None:
    _, report = compiled(HEAD + article)
    assert code in codes(report)


def test_a_model_that_is_not_installed_is_told_with_the_nearest() -> None:
    statute, report = compiled(HEAD.replace("based on model", "based on modell"))
    assert statute is None
    assert [(item.code, item.arguments["nearest"]) for item in report.diagnostics] == [
        ("N223", "model")
    ]


def test_a_mistake_in_a_model_is_told_every_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    broken = MODEL.replace("le reste à", "le reste")
    for _ in range(2):
        statute, report = compiled(HEAD, model=broken)
        assert statute is None and codes(report) == ["S101"]


def test_replace_without_a_model_is_told() -> None:
    text = HEAD.replace("based on model\n", "") + 'replace article 1 "One"\n'
    assert codes(compiled(text)[1]) == ["N221"]


def test_a_model_may_start_from_another_one() -> None:
    second = MODEL.replace("devise EUR", "établis sur le modèle model\ndevise EUR").replace(
        "article 2", "remplacer l'article 2"
    )
    second = second[: second.index("article 1")] + second[second.index("remplacer") :]
    text = HEAD.replace("based on model", "based on second")
    statute, report = compiled(text, model=MODEL, second=second)
    assert statute is not None and codes(report) == []
    assert len(statute.program.shares) == 1
    assert statute.program.shares[0].origin.model == "second"
    assert statute.program.allocations[0].origin.model == "model"


def test_an_article_of_the_furthest_model_may_be_replaced() -> None:
    heading = MODEL[: MODEL.index("article 1")]
    between = heading.replace("devise EUR", "établis sur le modèle model\ndevise EUR")
    second = between + "remplacer l'article 2\n  définir moitié = excédent / 2\n"
    text = HEAD.replace("based on model", "based on second")
    article = 'replace article 2 "Equally"\n  share work_share among members equally\n'
    statute, report = compiled(text + article, model=MODEL, second=second)
    assert statute is not None and codes(report) == []
    assert [clause.group for clause in statute.program.shares] == ["members"]
    assert statute.program.allocations[0].origin.model == "model"
    article = 'replace article 9 "None"\n  define half = surplus / 2\n'
    assert codes(compiled(text + article, model=MODEL, second=second)[1]) == ["N222"]


def test_the_laws_of_a_model_hold_in_a_statute_that_names_none() -> None:
    model = MODEL.replace("« Modèle »", "« Modèle » régis par demo.law")
    statute, report = compiled(HEAD, model=model)
    assert statute is not None and codes(report) == []
    assert [rule.name for rule in statute.program.rules] == ["demo.law.fund"]


def test_models_that_go_round_are_told() -> None:
    loop = MODEL.replace("devise EUR", "établis sur le modèle model\ndevise EUR")
    assert codes(compiled(HEAD, model=loop)[1]) == ["N224"]
