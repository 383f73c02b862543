"""What is proposed of a year's files, for programs."""

from collections.abc import Iterable
from typing import Any

from coopfx.formats import questions
from coopfx.formats.proposing import Proposal
from coopfx.ground.words import Words

SCHEMA = "coopfx.data/1"


def data(
    sheets: Iterable[Proposal],
    others: Iterable[tuple[str, str]],
    columns: str,
    cooperative: str,
    left: Iterable[questions.Question],
    words: Words,
) -> dict[str, Any]:
    """A proposal as an object of its schema: names are canonical, questions in the reader's language.

    ``columns`` and ``cooperative`` are the texts of ``columns.toml`` and ``cooperative.toml`` as they
    would be, ``left`` what is asked still.
    """
    return {
        "schema": SCHEMA,
        "sheets": [
            {
                "name": one.name,
                "file": one.shown,
                "record": one.record,
                "lines": one.lines,
                "columns": [
                    {"name": name, "figures": list(figures)} for name, figures in one.columns
                ],
            }
            for one in sheets
        ],
        "others": [{"name": name, "holds": sort} for name, sort in others],
        "columns.toml": columns,
        "cooperative.toml": cooperative,
        "questions": [questions.data(one, None, words) for one in left],
    }
