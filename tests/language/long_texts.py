"""Texts that are long in one thing: for the tests that count work, and for the benchmark of time."""

from collections.abc import Callable

_HEAD = 'statute "Long"\ncurrency EUR\nin force from 2020-01-01\n'
_FRENCH = 'statuts "Longs"\nmonnaie EUR\nen vigueur du 2020-01-01\n'
_TAIL = "allocate surplus\n  rest to reserves\n  losses to reserves\n"

Shape = Callable[[int], str]


def _repeated(piece: str, before: str = "", after: str = "\n", head: str = _HEAD) -> Shape:
    """One thing again and again, up to so many bytes."""
    return lambda size: head + before + piece * (size // len(piece.encode())) + after + _TAIL


def _numbered(line: str) -> Shape:
    """A clause again and again, with names of its own: ``{n}`` is its number, ``{m}`` the one before."""
    each = len(line.encode())
    return lambda size: (
        _HEAD + "".join(line.format(n=n, m=n - 1) for n in range(1, size // each)) + _TAIL
    )


SHAPES: dict[str, tuple[str, Shape]] = {
    "digits with spaces": ("en", _repeated("1 ", "define x = ")),
    "digits with hard spaces": ("en", _repeated("1\u00a0", "define x = ")),
    "digits": ("en", _repeated("1", "define x = ")),
    "groups of digits and commas": ("fr", _repeated("123,", "définir x = ", head=_FRENCH)),
    "spaces after an article": ("en", _repeated(" ", "article 1", 'a "x"\n')),
    "an article's number": ("en", _repeated("1 ", "article ", '"x"\n')),
    "quotation marks": ("en", _repeated("«")),
    "a text": ("en", _repeated("x", 'require a: surplus > 1 EUR "', '"\n')),
    "a remark": ("en", _repeated("x", "# ")),
    "empty lines": ("en", _repeated("\n")),
    "signs without a meaning": ("en", _repeated("§")),
    "signs one inside the other": ("en", _repeated("-", "define x = ", "1 EUR\n")),
    "open brackets": ("en", _repeated("(", "define x = ")),
    "lines with an open bracket": ("en", _repeated("define x = (1 +\n")),
    "choices one inside the other": (
        "fr",
        _repeated("  sinon si résultat > 1 EUR alors 1 EUR\n", "définir x = 1 EUR\n", head=_FRENCH),
    ),
    "a sum": ("en", _repeated(" + surplus", "define x = surplus")),
    "a name": ("en", _repeated("a", "define ", " = surplus\n")),
    "a name's branches": ("en", _repeated("a.", "define x = ", "a\n")),
    "names": ("en", _numbered("define figure_{n} = {n} EUR\n")),
    "names that are not known": ("en", _numbered("require rule_{n}: nobody_{n} > 1 EUR\n")),
    "rules": ("en", _numbered("require rule_{n}: surplus > {n} EUR\n")),
    "rules on sums": (
        "en",
        _numbered("define sum_{n} = reserves + {n} EUR\nrequire rule_{n}: sum_{n} >= 1 EUR\n"),
    ),
    "accounts": ("en", _numbered("account pot_{n}\nallocate pot_{n}\n  rest to reserves\n")),
    "groups one from the other": (
        "en",
        _numbered(
            "group some_{n} = workers where hours > 1 hours\n"
            "group part_{n} = some_{n} where member\ndefine size_{n} = count over part_{n}\n"
        ),
    ),
    "examples": (
        "en",
        _numbered('example "{n}"\n  given surplus = 1 EUR\n  expect surplus = 1 EUR\n'),
    ),
    "lines that cannot be read": ("en", _repeated("define x = = 1\n")),
}
"""What a text may be long in, with its language: from how many bytes, the text."""


def chains(length: int) -> dict[str, str]:
    """Texts in which so many names need one another, each the one before it, the last written first."""
    links: dict[str, tuple[str, str, str]] = {
        "figures": ("define c_0 = surplus\n", "define c_{n} = c_{m}\n", "define last = c_{n}\n"),
        "sums": (
            "define c_0 = surplus\n",
            "define c_{n} = c_{m} + 1 EUR\n",
            "define last = c_{n}\n",
        ),
        "choices": (
            "define c_0 = surplus\n",
            "define c_{n} = if c_{m} > 1 EUR then c_{m} else 1 EUR\n",
            "define last = c_{n}\n",
        ),
        "years before": (
            "define c_0 = surplus\n",
            "define c_{n} = previous c_{m}\n",
            "define last = c_{n}\n",
        ),
        "decisions": (
            "define c_0 = surplus\n",
            "decide c_{n} between 0 EUR and c_{m}\n",
            "define last = c_{n}\n",
        ),
        "scales": (
            "define c_0 = surplus\n",
            "scale c_{n} by c_{m}\n  from 0 EUR: 1 EUR\n  from 5 EUR: 2 EUR\n",
            "define last = c_{n}\n",
        ),
        "groups": (
            "group c_0 = workers\n",
            "group c_{n} = c_{m}\n",
            "define last = count over c_{n}\n",
        ),
        "narrowed groups": (
            "group c_0 = workers\n",
            "group c_{n} = c_{m} where hours > {n} hours\n",
            "define last = count over c_{n}\n",
        ),
        "groups by a figure over the one before": (
            "group c_0 = workers\n",
            "group c_{n} = workers where hours > sum of hours over c_{m}\n",
            "define last = count over c_{n}\n",
        ),
        "accounts": (
            "allocate surplus\n  rest to c_0\n  losses to reserves\n",
            "allocate c_{m}\n  rest to c_{n}\n",
            "define last = c_{n}\n",
        ),
        "balances": (
            "account c_0\ndefine s_0 = surplus\n",
            "account c_{n}\nallocate c_{m}\n  1 EUR to c_{n}\n  rest to reserves\n",
            "define last = closing c_{n}\n",
        ),
        "accounts filled up": (
            "define goal = 5 EUR\n",
            "allocate {n} EUR from charges\n  10 EUR to c_{m} until goal\n  rest to c_{n}\n",
            "define last = c_{n}\n",
        ),
    }
    found = {}
    for name, (first, link, last) in links.items():
        tail = "" if "allocate surplus" in first else _TAIL
        made = [first, *(link.format(n=n, m=n - 1) for n in range(1, length))]
        end = last.format(n=length - 1)
        found[f"{name}, the last first"] = _HEAD + end + "".join(reversed(made)) + tail
        # Figures are worked out as they are written; clauses that move money once a figure asks.
        if "allocate" in link:
            found[f"{name}, in order"] = _HEAD + "".join(made) + end + tail
    return found
