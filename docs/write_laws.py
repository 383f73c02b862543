"""Writes docs/laws.md, every rule of the laws that are published with coopfx, and a page for each law.

All is written from the laws' own texts. Run it after a change of a law: `make laws`. A test holds the
pages against what it would write.
"""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from html import escape
from pathlib import Path

from coopfx.ground.report import Report
from coopfx.ground.words import Words
from coopfx.laws.book import (
    ArticleEntry,
    FactEntry,
    LawBook,
    ParameterEntry,
    RuleEntry,
    form_said,
    open_law,
    rule_said,
    words_of_law,
)
from coopfx.plugged.world import World, load_world

DOCS = Path(__file__).parent
HEAD = """# The laws

Every rule of the laws that are published with coopfx. This page is written from the laws' own texts
by `make laws`; what counts is the text in `plugins/`. Names are the English ones; what a fact is stands in
the language of its law. Each law has a page of its own, article by article; `coopfx laws NAME` shows the
same of any law that is installed.

**Facts** are what a year's data have to give beside the money that the statute's clauses move. A rule
that wants one of them is undetermined, and names it. **Since** is the first closing date for which the
rule holds in that text. **To confirm** marks a wording that was not read in its present form, or a
figure behind the rule that is known only from a commentary; every verdict shows the mark.
"""
RULES = ("article", "rule", "asks that", "facts", "since", "confidence", "source")
FORMS = ("form", "article", "confidence", "source")
FACTS = ("fact", "is", "sort", "article")
FIGURES = ("figure", "is", "article")
PARAMETERS = ("parameter", "from", "value", "confidence", "source")


def pages(world: World) -> dict[str, str]:
    """Every page and every chart by its path under docs/."""
    books = [_book(name, world) for name in sorted(world.laws)]
    english = {book.name: words_of_law(book, world.words("en"), world) for book in books}
    written = {
        "laws.md": "\n".join([HEAD, *(_section(book, english[book.name]) for book in books)])
    }
    for book in books:
        written[f"laws/{book.name}.md"] = _page(book, english[book.name])
        for parameter in book.parameters:
            drawn = _chart(parameter, english[book.name])
            if drawn:
                written[f"laws/{_chart_name(book, parameter)}"] = drawn
    return written


def _book(name: str, world: World) -> LawBook:
    report = Report()
    book = open_law(name, world, report)
    assert book is not None, [item.code for item in report.in_order()]
    return book


# ---- all laws on one page


def _section(book: LawBook, words: Words) -> str:
    title = f"*{book.title}.* {'; '.join(book.sources)}."
    lines = [f"## `{book.name}`", "", f"{title} [Article by article](laws/{book.name}.md)."]
    lines += [f"It stands under {_codes(book.under)}."] if book.under else []
    for columns, rows in (
        (RULES, [_rule(rule, one, words) for one in book.articles for rule in one.rules]),
        (FORMS, [row for one in book.articles for row in _forms(one, words)]),
        (FACTS, [row for one in book.articles for row in _facts(one, words)]),
        (FIGURES, [row for one in book.articles for row in _figures(one, words)]),
        (PARAMETERS, [row for item in book.parameters for row in _history(item, words)]),
    ):
        lines += _table(columns, rows)
    return "\n".join(lines) + "\n"


def _table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    shown = [_row(row) for row in rows]
    return ["", _row(columns), "|" + " --- |" * len(columns), *shown] if shown else []


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _rule(rule: RuleEntry, article: ArticleEntry, words: Words) -> tuple[str, ...]:
    since = f"{article.start}" + (f" until {article.end}" if article.end else "")
    return (
        article.number,
        _rule_name(rule, words),
        words.show(rule_said(rule)),
        _codes(rule.facts) or "none",
        since,
        _confidence(rule.to_confirm),
        rule.reference,
    )


def _rule_name(rule: RuleEntry, words: Words) -> str:
    kind = "" if rule.binding else " (advice)"
    return f"{words.phrase(f'rule.{rule.name}')}{kind} `{rule.name.rpartition('.')[2]}`"


def _forms(article: ArticleEntry, words: Words) -> list[tuple[str, ...]]:
    return [
        (
            words.show(form_said(form)) + (f" `{form.name}`" if form.name else ""),
            article.number,
            _confidence(article.to_confirm),
            article.reference,
        )
        for form in article.forms
    ]


def _facts(article: ArticleEntry, words: Words) -> list[tuple[str, ...]]:
    return [
        (f"`{one.name}`", one.label, _sort(one, words), article.number) for one in article.facts
    ]


def _sort(fact: FactEntry, words: Words) -> str:
    return words.show(fact.type) + (f", of each {fact.record}" if fact.record else "")


def _figures(article: ArticleEntry, words: Words) -> list[tuple[str, ...]]:
    return [
        (
            f"`{one.name}`" + (" (unless the statute says otherwise)" if one.default else ""),
            words.show(one.formula),
            article.number,
        )
        for one in article.figures
    ]


def _history(item: ParameterEntry, words: Words) -> list[tuple[str, ...]]:
    return [
        (
            f"`{item.name}`" if position == 0 else "",
            f"{entry.start}",
            words.show(item.shown(entry.value)),
            _confidence(entry.to_confirm),
            entry.reference,
        )
        for position, entry in enumerate(item.history)
    ]


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _confidence(unsure: bool) -> str:
    return "to confirm" if unsure else ""


# ---- one law


def _page(book: LawBook, words: Words) -> str:
    plugin = book.provided.plugin
    lines = [
        f"# `{book.name}`",
        "",
        f"*{book.title}.* {'; '.join(book.sources)}.",
        "",
        f"Brought by `{plugin.distribution}`, in force from {book.start}; written in "
        f"`{book.provided.law.file}`, whose lines are named below. Written by `make laws`; "
        "[all laws in one table](../laws.md).",
    ]
    lines += ["", f"It stands under {_codes(book.under)}."] if book.under else []
    for article in book.articles:
        lines += _article(article, book, words)
    return "\n".join(lines) + "\n"


def _article(article: ArticleEntry, book: LawBook, words: Words) -> list[str]:
    title = words.phrases.get(f"article.{book.name}.{article.number}", article.title)
    doubt = f" ({_confidence(True)})" if article.to_confirm else ""
    lines = ["", f"## Article {article.number}: {title}", "", f"{article.reference}{doubt}"]
    if article.start != book.start or article.end:
        until = f" until {article.end}" if article.end else ""
        lines += ["", f"In force from {article.start}{until}."]
    items = [f"{words.show(form_said(one))} (line {one.line})" for one in article.forms]
    for rule in article.rules:
        facts = f" Facts: {_codes(rule.facts)}." if rule.facts else ""
        unsure = " To confirm." if rule.to_confirm else ""
        said = words.show(rule_said(rule))
        items.append(f"{_rule_name(rule, words)} (line {rule.line}): {said}.{facts}{unsure}")
    for fact in article.facts:
        sort = _sort(fact, words)
        items.append(f"`{fact.name}` (line {fact.line}), a fact: {fact.label or sort} ({sort})")
    for figure in article.figures:
        default = ", unless the statute says otherwise" if figure.default else ""
        shown = words.show(figure.formula)
        items.append(f"`{figure.name}` (line {figure.line}) = {shown}{default}")
    lines += ["", *(f"- {item}" for item in items)] if items else []
    for parameter in article.parameters:
        name = f"`{parameter.name}` (line {parameter.line})"
        lines += ["", f"{name}, {words.label(parameter.name)}:"]
        lines += _table(PARAMETERS[1:], [row[1:] for row in _history(parameter, words)])
        if _chart(parameter, words):
            file = _chart_name(book, parameter)
            lines += ["", f"![The values of {parameter.name} over the years]({file})"]
    return lines


def _chart_name(book: LawBook, parameter: ParameterEntry) -> str:
    return f"{book.name}.{parameter.name}.svg"


# ---- a parameter's history, drawn


WIDTH, HEIGHT, LEFT, TOP, ROOM = 560, 150, 20, 30, 90


def _chart(parameter: ParameterEntry, words: Words) -> str:
    """A line of steps through a parameter's values; empty where there is nothing to compare."""
    points = [
        (entry.start, entry.value)
        for entry in parameter.history
        if isinstance(entry.value, Fraction)
    ]
    if len(points) < 2:
        return ""
    start, last = points[0][0], points[-1][0]
    end = date(last.year + 1, last.month, min(last.day, 28))
    low, high = min(value for _, value in points), max(value for _, value in points)
    low = min(low, Fraction(0))

    def across(day: date) -> int:
        return LEFT + (day - start).days * (WIDTH - 2 * LEFT) // (end - start).days

    def up(value: Fraction) -> int:
        return TOP + ROOM - round((value - low) / ((high - low) or 1) * ROOM)

    path, before = "", None
    for day, value in points:
        path += f"M{across(day)} {up(value)}" if before is None else f"H{across(day)}V{up(value)}"
        before = value
    path += f"H{across(end)}"
    labels = [
        _label(LEFT, up(points[0][1]) - 6, "start", words.show(parameter.shown(points[0][1]))),
        _label(
            WIDTH - LEFT, up(points[-1][1]) - 6, "end", words.show(parameter.shown(points[-1][1]))
        ),
        _label(LEFT, HEIGHT - 8, "start", f"{start}"),
        _label(
            across(last), HEIGHT - 8, "middle" if across(last) < WIDTH - 60 else "end", f"{last}"
        ),
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
            f"<title>{escape(words.label(parameter.name))}</title>",
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
            f'<path d="M{LEFT} {TOP + ROOM}H{WIDTH - LEFT}" stroke="#999"/>',
            f'<path d="{path}" fill="none" stroke="#0b5" stroke-width="2"/>',
            *labels,
            "</svg>\n",
        ]
    )


def _label(x: int, y: int, anchor: str, text: str) -> str:
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-family="sans-serif" font-size="12" '
        f'fill="#333">{escape(text)}</text>'
    )


def write(world: World) -> None:
    """Write every page, and take away those of laws that are no more."""
    written = pages(world)
    (DOCS / "laws").mkdir(exist_ok=True)
    for path in (DOCS / "laws").iterdir():
        if f"laws/{path.name}" not in written:
            path.unlink()
    for name, text in written.items():
        (DOCS / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(load_world(Report()))
