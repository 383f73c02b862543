"""The tables of a federation's year: which there are, and their columns."""

from coopfx.ground.tables import DATE, MONEY, TEXT, WHOLE, Layout

_KEY = {"cooperative": TEXT, "closing": DATE}
MOST_DIGITS = 38
"""So many digits an amount may have, with its decimals: what every format of tables holds."""
OF_RECORDS = ("satisfied", "violated", "not_applicable", "undetermined", "kept_to_a_cent")
STATUSES = (*OF_RECORDS, "set_aside")
"""What became of a rule, of records and of cooperatives, in the order in which the sweep counts them."""
_SIDES = {"left": TEXT, "right": TEXT, "margin": TEXT}

COLUMNS: dict[str, dict[str, str]] = {
    "runs": {
        **{"name": TEXT, "statute": TEXT, "statute_sha256": TEXT, "currency": TEXT},
        **{"status": TEXT, **dict.fromkeys(STATUSES, WHOLE), "broken": WHOLE},
    },
    "values": {"name": TEXT, "type": TEXT, "money": MONEY, "exact": TEXT, "unknown": TEXT},
    "indicators": {
        **{"label": TEXT, "pillar": TEXT, "type": TEXT, "exact": TEXT, "unknown": TEXT},
        **{"target": TEXT, "met": TEXT},
    },
    "accounts": {
        "account": TEXT,
        **{"opening": MONEY, "added": MONEY, "taken": MONEY, "balance": MONEY, "unknown": TEXT},
    },
    "entries": {
        **{"article": TEXT, "line": WHOLE, "way": TEXT, "book": TEXT, "from_kind": TEXT},
        **{"from": TEXT, "from_record": TEXT, "to_kind": TEXT, "to": TEXT, "to_record": TEXT},
        **{"amount": MONEY, "unknown": TEXT},
    },
    "splits": {
        **{"number": WHOLE, "article": TEXT, "source": TEXT, "record": TEXT, "from_kind": TEXT},
        **{"from": TEXT, "from_record": TEXT, "amount": MONEY, "undistributed": MONEY},
        **{"excess": MONEY, "unknown": TEXT},
    },
    "shares": {
        **{"number": WHOLE, "article": TEXT, "source": TEXT, "record": TEXT, "id": TEXT},
        **{"giver": TEXT, "amount": MONEY},
    },
    "pools": {
        **{"number": WHOLE, "article": TEXT, "figure": TEXT, "account": TEXT, "record": TEXT},
        **{"id": TEXT, "had": MONEY, "kept": MONEY},
    },
    "verdicts": {
        **{"rule": TEXT, "law": TEXT, "article": TEXT, "strength": TEXT, "status": TEXT},
        **{
            "type": TEXT,
            "relation": TEXT,
            **_SIDES,
            **dict.fromkeys(OF_RECORDS, WHOLE),
            "set_aside": TEXT,
        },
    },
    "cases": {"rule": TEXT, "record": TEXT, "id": TEXT, "status": TEXT, **_SIDES},
    "diagnostics": {
        **{"code": TEXT, "severity": TEXT, "message": TEXT, "help": TEXT, "file": TEXT},
        **{"line": WHOLE},
    },
}
"""The tables by name, without the two columns that each begins with.

Money that is not of whole cents stands in ``exact`` as a fraction, as every other figure does;
``giver`` is the record inside which a part is shared, such as a person's team;
``relation`` is that of the comparison that decided, such as ``at_least`` or ``equal``. ``unknown`` says
``missing`` or ``undefined`` where a figure is not known.
"""

_COMPARED = {"before": MONEY, "after": MONEY, "difference": MONEY}
OF_SCENARIOS: dict[str, dict[str, str]] = {
    "scenarios": {
        **{"scenario": TEXT, "currency": TEXT, "status": TEXT, "told": TEXT},
        **{"gain": WHOLE, "lose": WHOLE, "same": WHOLE, "unknown": WHOLE},
        **{"gains": MONEY, "losses": MONEY},
        **{"records": MONEY, "accounts": MONEY, "sources": MONEY, "rest": MONEY},
        **{"newly_violated": WHOLE, "newly_kept": WHOLE, "broken": WHOLE},
    },
    "differences": {"scenario": TEXT, "kind": TEXT, "name": TEXT, **_COMPARED},
    "gains": {"scenario": TEXT, "record": TEXT, "id": TEXT, **_COMPARED},
}
"""The tables of a run that has scenarios: each cooperative in each of them, the places whose money is
another, and what every record receives of shares, before and after."""

EVERY = COLUMNS | OF_SCENARIOS


def layouts(decimals: int = 2, *, scenarios: bool = False) -> dict[str, Layout]:
    """The tables, with the columns that each begins with; those of ``scenarios`` where there are any."""
    tables = EVERY if scenarios else COLUMNS
    return {name: Layout(name, _KEY | own, decimals) for name, own in tables.items()}
