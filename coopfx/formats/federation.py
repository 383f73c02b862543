"""A federation's year as one page of HTML that needs nothing else: no script, no font, no network."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from html import escape
from itertools import groupby
from typing import Any

from coopfx.formats.sector import Figure, Rule, Scenario, Sector, not_summed
from coopfx.ground.exact import money, quantity
from coopfx.ground.words import Words

SHOWN = 200
"""How many rows of one list the page shows; the tables have all of them."""


_STYLE = """
:root { color-scheme: light dark; --ink: #1d2329; --soft: #5b6670; --line: #d5dae0; --paper: #fff;
  --bar: #2f6f8f; --bad: #a3312b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ecef; --soft: #a3adb6; --line: #3a434b;
  --paper: #14181b; --bar: #6fb3d2; --bad: #e5867f; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; } h2 { margin-top: 2.5rem; font-size: 1.2rem; }
p.soft { color: var(--soft); } .wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .6rem; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; } th { color: var(--soft); font-weight: 600; }
td.n, th.n { text-align: right; } td.n { white-space: nowrap; } th { vertical-align: bottom; }
td:first-child { min-width: 6rem; }
td.day { white-space: nowrap; } td.bad { color: var(--bad); }
tr.law th { padding-top: 1.1rem; color: var(--ink); }
small { color: var(--soft); } svg rect { fill: var(--bar); }
@page { size: A4 landscape; margin: 14mm; }
@media print { body { font-size: 8.5pt; max-width: none; margin: 0; padding: 0; }
  .wide { overflow: visible; } th, td { padding: .18rem .35rem; }
  tr, svg { break-inside: avoid; } h2, .soft, tr.law { break-after: avoid; }
  svg { width: 40pt; height: auto; } rect { print-color-adjust: exact; } h2 { margin-top: 1.4rem; } }
"""


def page(sector: Sector, words: Words, laws: Mapping[str, str]) -> str:
    """The page, in a language, with the titles of ``laws``.

    Whatever the data say is text: nothing of it becomes markup.
    """
    title = escape(_say(words, "title"))
    body = [
        f"<h1>{title}</h1>",
        f"<p>{_summary(sector, words)}</p>",
        _cooperatives(sector, words),
        _rules(sector, words, laws),
        _near(sector, words, laws),
        _figures(sector, words),
        _indicators(sector, words),
        _scenarios(sector, words),
        _refused(sector, words),
    ]
    return (
        f'<!doctype html>\n<html lang="{escape(words.language)}">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n" + "\n".join(body) + "\n</html>\n"
    )


def _say(words: Words, key: str, **arguments: object) -> str:
    return words.phrase(f"federation.report.{key}", **arguments)


def _summary(sector: Sector, words: Words) -> str:
    evaluated = [row for row in sector.runs if row["status"] == "evaluated"]
    breaking = sum((row["broken"] or "0") != "0" for row in evaluated)
    lines = [
        words.phrase("federation.evaluated", count=len(evaluated)),
        words.phrase("federation.breaking", count=breaking),
    ]
    return "<br>".join(map(escape, lines))


def _table(head: Iterable[tuple[str, str]], rows: Iterable[Iterable[tuple[str, str]]]) -> str:
    """A table; a cell is its class and its markup. A row of one cell is a heading of those below it."""
    heads = [(kind, _begin(text)) for kind, text in head]
    cells = "".join(f'<th scope="col" class="{kind}">{escape(text)}</th>' for kind, text in heads)
    body = "".join(
        "<tr>" + "".join(f'<td class="{kind}">{text}</td>' for kind, text in row) + "</tr>\n"
        if len(row) > 1
        else f'<tr class="law"><th scope="rowgroup" colspan="{len(heads)}">{row[0][1]}</th></tr>\n'
        for row in map(list, rows)
    )
    return (
        f'<div class="wide"><table><thead><tr>{cells}</tr></thead>\n'
        f"<tbody>\n{body}</tbody></table></div>"
    )


def _begin(text: str) -> str:
    return text[:1].upper() + text[1:]


def _most(named: Sequence[object]) -> int:
    """How many of what is named stand in a cell: the first dozen, never all but one."""
    return 12 + (len(named) == 13)


def _some(names: tuple[str, ...], words: Words) -> str:
    """The first of many names, and how many more there are."""
    most = _most(names)
    shown = ", ".join(map(escape, names[:most]))
    if len(names) > most:
        shown += " " + escape(_say(words, "more", count=len(names) - most))
    return shown


def _rule_name(name: str, words: Words) -> str:
    titled = words.phrases.get(f"rule.{name}")
    return escape(_begin(titled or words.label(name)))


def _law(rule: str) -> str:
    """The law that a rule is of; empty for a statute's own."""
    return rule.rpartition(".")[0]


def _rules(sector: Sector, words: Words, laws: Mapping[str, str]) -> str:
    statuses = (
        *("satisfied", "kept to a cent", "violated", "undetermined", "not applicable"),
        "set aside",
    )
    head = [("", _say(words, "rule"))]
    head += [("n", words.phrase(f"status.{status}")) for status in statuses]
    head.append(("", _say(words, "who")))
    rows: list[list[tuple[str, str]]] = []
    law = ""

    def place(rule: Rule) -> tuple[str, int, int, str]:
        """The statutes' own rules first, then each law's; of these first what is amiss."""
        violated, undetermined = (
            rule.counts.get(status, 0) for status in ("violated", "undetermined")
        )
        return _law(rule.name), -violated, -undetermined, rule.name

    for rule in sorted(sector.rules, key=place):
        if _law(rule.name) != law:
            law = _law(rule.name)
            rows.append([("", escape(laws.get(law, law)))])
        shown = _some(rule.broken, words)
        if rule.unknown:
            shown += "<br>" if shown else ""
            shown += escape(_begin(words.phrase("status.undetermined")))
            shown += f" <small>({_some(rule.unknown, words)})</small>"
        row = [("", _rule_name(rule.name, words))]
        for status in statuses:
            count = rule.counts.get(status, 0)
            shown_count = str(count) if count else "–"
            row.append(("n bad" if status == "violated" and count else "n", shown_count))
        for who, why in rule.aside[: _most(rule.aside)]:
            said = words.phrase("report.aside", why=why)
            shown += ("<br>" if shown else "") + escape(f"⚠ {who}: {said}")
        if len(rule.aside) > _most(rule.aside):
            shown += " " + escape(_say(words, "more", count=len(rule.aside) - _most(rule.aside)))
        rows.append([*row, ("", shown)])
    return f"<h2>{escape(_say(words, 'rules'))}</h2>" + _table(head, rows)


def _near(sector: Sector, words: Words, laws: Mapping[str, str]) -> str:
    title = f"<h2>{escape(_say(words, 'near'))}</h2>"
    title += f'<p class="soft">{escape(_say(words, "near_why"))}</p>'
    if not sector.near:
        title += f"<p>{escape(_say(words, 'nobody'))}</p>"
        return title + _on_edge(sector, words, laws)
    head = [("", _say(words, "cooperative")), ("", _say(words, "rule"))]
    head += [("n", _say(words, key)) for key in ("left", "right", "margin")]
    rows = [
        [
            ("", escape(one.cooperative)),
            ("", _ruled(one.rule, words, laws)),
            *(
                ("n", _number(text, one.currency, words))
                for text in (one.left, one.right, one.margin)
            ),
        ]
        for one in sector.near[:SHOWN]
    ]
    shown = _table(head, rows) + _first(len(sector.near), words)
    return title + shown + _on_edge(sector, words, laws)


def _on_edge(sector: Sector, words: Words, laws: Mapping[str, str]) -> str:
    """Who is exactly at a limit, a row for each rule: most statutes choose what the law just allows."""
    rules = sorted((one for one in sector.rules if one.on_edge), key=lambda one: one.name)
    if not rules:
        return ""
    head = [("", _say(words, "rule")), ("", _say(words, "cooperatives"))]
    rows = [[("", _ruled(one.name, words, laws)), ("", _some(one.on_edge, words))] for one in rules]
    title = f"<h2>{escape(_say(words, 'on_edge'))}</h2>"
    return title + f'<p class="soft">{escape(_say(words, "on_edge_why"))}</p>' + _table(head, rows)


def _ruled(rule: str, words: Words, laws: Mapping[str, str]) -> str:
    """A rule, with the law that it is of."""
    law = _law(rule)
    return _rule_name(rule, words) + (
        f" <small>{escape(laws.get(law, law))}</small>" if law else ""
    )


def _number(text: str | None, currency: str, words: Words) -> str:
    """An exact number for people, as money where it is; what does not end, to four decimals."""
    if text is None:
        return ""
    try:
        return _shown(Fraction(text), currency, words)
    except ValueError:
        return escape(text)


def _shown(value: Fraction, currency: str, words: Words) -> str:
    cut = Fraction(int(value * 10_000), 10_000)
    about = "" if cut == value else "≈ "
    return about + escape(words.show((cut, quantity(money(currency) if currency else ()))))


def _first(size: int, words: Words) -> str:
    if size <= SHOWN:
        return ""
    return f'<p class="soft">{escape(_say(words, "first", shown=SHOWN, count=size))}</p>'


def _figures(sector: Sector, words: Words) -> str:
    head = [("", _say(words, "figure")), ("n", _say(words, "known"))]
    head += [("n", _say(words, key)) for key in ("average", "median", "least", "most")]
    head += [("", _say(words, "spread")), ("", _say(words, "missing"))]
    rows: list[list[tuple[str, str]]] = []
    for sort, several in groupby(sector.figures, key=lambda one: one.sort):
        rows.append([("", escape(_say(words, f"sort.{sort}")))])
        rows += [
            [
                ("", escape(_begin(_called(one, sector, words)))),
                ("n", str(one.known)),
                *(
                    ("n", "" if value is None else _shown(value, one.currency, words))
                    for value in (one.average, one.median, one.least, one.most)
                ),
                ("", _bars(one.counts, words.label(one.name)) if one.counts else ""),
                ("", _some(one.missing, words)),
            ]
            for one in several
        ]
    note = f'<p class="soft">{escape(_say(words, "averages"))}</p>'
    return f"<h2>{escape(_say(words, 'figures'))}</h2>{note}" + _table(head, rows)


def _indicators(sector: Sector, words: Words) -> str:
    if not sector.indicators:
        return ""
    head = [("", _say(words, "indicator")), ("n", _say(words, "known"))]
    head += [("n", _say(words, key)) for key in ("average", "least", "most", "met")]
    head.append(("", _say(words, "missing")))
    rows = [
        [
            ("", escape(_begin(one.label))),
            ("n", str(one.known)),
            *(
                ("n", "" if value is None else _shown(value, "", words))
                for value in (one.average, one.least, one.most)
            ),
            ("n", f"{one.met} / {one.targets}" if one.targets else ""),
            ("", _some(one.missing, words)),
        ]
        for one in sector.indicators[:SHOWN]
    ]
    title = f"<h2>{escape(_say(words, 'indicators'))}</h2>"
    return title + _table(head, rows) + _first(len(sector.indicators), words)


_PEOPLE = ("gain", "lose", "same")
_SUMS = ("gains", "losses", "accounts")
_TURNED = ("newly_violated", "newly_kept")


def _amiss(scenario: Scenario) -> bool:
    """Whether anything is to be said of a scenario beside its figures."""
    return bool(not_summed(scenario.together)) or any(
        row["told"] or row["status"] != "compared" for row in scenario.rows
    )


def _scenarios(sector: Sector, words: Words) -> str:
    """What each scenario changes: for all together, then for each cooperative that is in it."""
    if not sector.scenarios:
        return ""
    columns = (*_PEOPLE, *_SUMS, *_TURNED)
    head = [("", _say(words, "cooperative"))]
    head += [("n", words.phrase(f"federation.head.{one}")) for one in columns]
    said = any(map(_amiss, sector.scenarios))
    if said:
        head.append(("", words.phrase("federation.head.told")))

    def cells(row: Mapping[str, Any], currency: str) -> Iterator[tuple[str, str]]:
        for one in columns:
            text = str(row[one]) if row[one] not in (None, "") else None
            yield "n", _number(text, currency if one in _SUMS else "", words)

    rows: list[list[tuple[str, str]]] = []
    for scenario in sector.scenarios:
        together = scenario.together
        rows.append([("", escape(together["scenario"]))])
        currency = together["currency"] or ""
        count = f"{_say(words, 'together')} ({together['compared']})"
        whole = [("", f"<b>{escape(count)}</b>"), *cells(together, currency)]
        lacks = (
            words.phrase(f"federation.scenario.{key}", count=number).strip()
            for key, number in not_summed(together)
        )
        rows.append([*whole, ("", escape("; ".join(lacks)))] if said else whole)
        for row in scenario.rows[:SHOWN]:
            status, told = row["status"] or "", row["told"] or ""
            if status != "compared":
                told = f"{words.phrase(f'federation.code.{status}')} {told}".strip()
            own = [("", escape(row["cooperative"] or "")), *cells(row, row["currency"] or "")]
            rows.append([*own, ("", escape(told))] if said else own)
    title = f"<h2>{escape(_say(words, 'scenarios'))}</h2>"
    title += f'<p class="soft">{escape(_say(words, "scenarios_why"))}</p>'
    most = max(len(one.rows) for one in sector.scenarios)
    return title + _table(head, rows) + _first(most, words)


def _called(one: Figure, sector: Sector, words: Words) -> str:
    """A figure's name, with its currency where the sector has several."""
    shown = words.label(one.name)
    return f"{shown} ({one.currency})" if one.currency and not sector.currency else shown


def _name(one: Figure, sector: Sector, words: Words) -> str:
    """What a figure is called where figures of several sorts stand side by side."""
    shown = _called(one, sector, words)
    return shown if one.sort == "figure" else _say(words, f"name.{one.sort}", name=shown)


def _bars(counts: tuple[int, ...], label: str) -> str:
    """A distribution, a bar for each equal step from the least to the greatest."""
    top, width, height = max(counts), 10, 28
    bars = []
    for place, count in enumerate(counts):
        tall = -(-count * height // top)
        bars.append(
            f'<rect x="{place * width}" y="{height - tall}" width="{width - 2}" height="{tall}"/>'
        )
    said = escape(f"{label}: {', '.join(map(str, counts))}", quote=True)
    return (
        f'<svg role="img" aria-label="{said}" width="{len(counts) * width}" height="{height}" '
        f'viewBox="0 0 {len(counts) * width} {height}">{"".join(bars)}</svg>'
    )


def _day(text: str | None, words: Words) -> str:
    return escape(words.date(date.fromisoformat(text))) if text else ""


def _cooperatives(sector: Sector, words: Words) -> str:
    """Each cooperative beside the averages of the figures that most of them have."""
    averaged = [(one, one.average) for one in sector.figures if one.average is not None]
    averaged.sort(key=lambda pair: (-pair[0].known, -abs(pair[1]), pair[0].name))
    chosen = [one for one, _ in averaged[:5]]
    head = [("", _say(words, "cooperative")), ("", _say(words, "closing"))]
    head += [("n", _name(one, sector, words)) for one in chosen]
    head.append(("n", _say(words, "broken")))
    average: list[tuple[str, str]] = [("", f"<b>{escape(_say(words, 'average'))}</b>"), ("", "")]
    average += [("n", f"<b>{_shown(mean, one.currency, words)}</b>") for one, mean in averaged[:5]]
    rows: list[list[tuple[str, str]]] = [[*average, ("n", "")]]
    evaluated = [row for row in sector.runs if row["status"] == "evaluated"]
    for run in evaluated[:SHOWN]:
        key = run["cooperative"] or ""
        name = f" <small>{escape(run['name'] or '')}</small>" if run["name"] != key else ""
        row = [("", escape(key) + name), ("day", _day(run["closing"], words))]
        for one in chosen:
            own = one.own.get(key)
            if own is not None:
                row.append(("n", _shown(own, one.currency, words)))
            else:
                unknown = escape(_say(words, "unknown")) if key in one.missing else ""
                row.append(("n", unknown and f"<small>{unknown}</small>"))
        broken = run["broken"] or "0"
        rows.append([*row, ("n bad" if broken != "0" else "n", escape(broken))])
    title = f"<h2>{escape(_say(words, 'cooperatives'))}</h2>"
    return title + _table(head, rows) + _first(len(evaluated), words)


def _refused(sector: Sector, words: Words) -> str:
    if not sector.told:
        return ""
    rows: list[list[tuple[str, Any]]] = [
        [("", escape(row[key] or "")) for key in ("cooperative", "code", "message")]
        for row in sector.told[:SHOWN]
    ]
    head = [("", _say(words, "cooperative")), ("", ""), ("", "")]
    title = f"<h2>{escape(_say(words, 'refused'))}</h2>"
    return title + _table(head, rows) + _first(len(sector.told), words)
