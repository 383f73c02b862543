"""What a plugin's folder holds, read into declarations: its laws with their words, its models."""

from pathlib import Path

import pytest

from coopfx.plugged.hookspecs import Law, Model, laws_in, models_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "coopfx_demo"
    for name, text in {
        "law/bread.fr.coop": "loi",
        "law/mill.en.coop": "law",
        "law/notes.md": "not a law",
        "law/bread.coop": "a law of no language",
        "words/en/bread.toml": "english",
        "words/it/bread.toml": "italiano",
        "words/en/mill.toml": "mill",
        "models/bread.small.fr.coop": "statuts",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


def test_a_law_is_read_with_its_words(folder: Path) -> None:
    assert laws_in(folder, "demo") == [
        Law(
            "demo.bread",
            "coopfx_demo/law/bread.fr.coop",
            "fr",
            "loi",
            {"en": "english", "it": "italiano"},
        ),
        Law("demo.mill", "coopfx_demo/law/mill.en.coop", "en", "law", {"en": "mill"}),
    ]


def test_the_name_of_a_model_may_hold_dots(folder: Path) -> None:
    assert models_in(folder, "demo", contract=0) == [
        Model(
            *("demo.bread.small", "coopfx_demo/models/bread.small.fr.coop", "fr", "statuts"),
            contract=0,
        )
    ]


def test_a_plugin_without_models_brings_none(tmp_path: Path) -> None:
    assert models_in(tmp_path, "demo") == []


def test_a_text_that_is_no_text_is_told_to_the_caller(folder: Path) -> None:
    (folder / "law" / "mill.en.coop").write_bytes(b"\xff")
    with pytest.raises(UnicodeError):
        laws_in(folder, "demo")
