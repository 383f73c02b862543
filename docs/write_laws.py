"""Writes docs/laws.md: every rule of the laws that are published with coopfx, from the laws' texts.

Run it after a change of a law: `make laws`. A test holds the page against what it would write.
"""

from datetime import date
from pathlib import Path

from coopfx import pipeline
from coopfx.engine.formulas import Formulas
from coopfx.engine.run import Run
from coopfx.facts import Facts
from coopfx.hookspecs import Law
from coopfx.language import ast, ir
from coopfx.plugins import World, load_world
from coopfx.policy import Policy, StatuteFile
from coopfx.report import Percent, Report
from coopfx.source import Source
from coopfx.words import Words

PAGE = Path(__file__).parent / "laws.md"
FIRST_DAY = date(2000, 1, 1)
HEAD = """# The laws

Every rule of the laws that are published with coopfx. This page is written from the laws' own texts
by `make laws`; what counts is the text in `plugins/`. Names are the English ones; what a fact is stands in
the language of its law.

**Facts** are what a year's data have to give beside the money that the statute's clauses move. A rule
that wants one of them is undetermined, and names it. **Since** is the first closing date for which the
rule holds in that text. **To confirm** marks a wording that was not read in its present form, or a
figure behind the rule that is known only from a commentary; every verdict shows the mark.
"""


def page(world: World) -> str:
    """The whole page."""
    names = sorted(world.laws)
    return "\n".join([HEAD, *(_law(world.laws[name].law, world) for name in names)])


def _law(law: Law, world: World) -> str:
    writer = _Writer(law, world)
    document = writer.document
    heading = next(clause for clause in document.clauses if isinstance(clause, ast.Law))
    sources = [clause.text for clause in document.clauses if isinstance(clause, ast.SourceLine)]
    under = ", ".join(f"`{name.word}`" for name in heading.laws)
    lines = [f"## `{law.name}`", "", f"*{heading.title}.* {'; '.join(sources)}."]
    lines += [f"It stands under {under}."] if under else []
    for title, rows in (
        ("| article | rule | asks that | facts | since | confidence | source |", writer.rules()),
        ("| form | article | confidence | source |", writer.forms()),
        ("| fact | is | sort | article |", writer.facts()),
        ("| figure | is | article |", writer.figures()),
        ("| parameter | from | value | confidence | source |", writer.parameters()),
    ):
        if rows:
            columns = title.count("|") - 1
            lines += ["", title, "|" + " --- |" * columns, *map(_row, rows)]
    return "\n".join(lines) + "\n"


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


class _Writer:
    """What stands in the tables of one law."""

    def __init__(self, law: Law, world: World) -> None:
        self.law = law.name
        self.program, self.words = _program(law.name, world)
        self.document = _document(law, world)
        policy = Policy(Path(), law.language, {}, ())
        self.reading = pipeline.words_for(world, law.language, self.program.laws, policy)
        self.formulas = Formulas(Run(self.program, Facts(FIRST_DAY)))
        self.doubtful = self.program.doubtful()

    def rules(self) -> list[tuple[str, ...]]:
        return [self._rule(rule) for rule in self.program.rules if rule.origin.law == self.law]

    def _rule(self, rule: ir.Rule) -> tuple[str, ...]:
        unsure = rule.origin.to_confirm or not self.doubtful.isdisjoint(rule.nodes(self.program))
        name = rule.name.removeprefix(f"{self.law}.")
        title = self.words.phrase(f"rule.{rule.name}")
        kind = "" if rule.binding else " (advice)"
        return (
            rule.origin.article,
            f"{title}{kind} `{name}`",
            self._condition(rule),
            ", ".join(f"`{fact}`" for fact in self._facts(rule)) or "none",
            self._since(rule.origin.article),
            _confidence(unsure),
            rule.origin.reference,
        )

    def _condition(self, rule: ir.Rule) -> str:
        text = self._shown(rule.condition)
        if rule.record is not None:
            text += f", for each {rule.record}"
        when = None if rule.when is None else self._when(rule.when)
        text += f", where {when}" if when else ""
        return text + (f", unless {self._shown(rule.unless)}" if rule.unless is not None else "")

    def _when(self, index: int) -> str | None:
        """A rule's condition, without the days on which its article holds: these have a column."""
        node = self.program.nodes[index]
        if isinstance(node, ir.Param) and node.name.startswith("in_force "):
            return None
        if isinstance(node, ir.Op) and node.operation == "and":
            parts = [self._when(item) for item in node.arguments]
            return " and ".join(part for part in parts if part)
        return self._shown(index)

    def _shown(self, index: int) -> str:
        return self.words.show(self.formulas.formula(index, None, top=True))

    def _facts(self, rule: ir.Rule) -> list[str]:
        nodes = self.program.nodes
        found = []
        for index in sorted(ir.cone(nodes, rule.nodes(self.program))):
            node = nodes[index]
            if isinstance(node, ir.Input):
                found.append(node.name)
            elif isinstance(node, ir.Balance) and node.at == "opening" and not node.parts:
                found.append(f"opening {node.account}")
        return list(dict.fromkeys(found))

    def _since(self, article: str) -> str:
        term, inside = None, False
        for clause in self.document.clauses:
            if isinstance(clause, ast.Article):
                inside = clause.number == article
            elif isinstance(clause, ast.InForce) and (inside or term is None):
                term = clause
        assert term is not None
        return f"{term.start}" + (f" until {term.end}" if term.end else "")

    def forms(self) -> list[tuple[str, ...]]:
        """The forms that the law permits, and the accounts that it makes indivisible."""
        rows, article = [], None
        for clause in self.document.clauses:
            if isinstance(clause, ast.Article):
                article = clause
            if article is None:
                continue
            if isinstance(clause, ast.Account) and clause.indivisible:
                account = self._canonical(clause.name.word)
                text = f"`{account}` is indivisible: no clause takes money out of it"
            elif isinstance(clause, ast.Permit):
                text = self._permitted(clause)
            else:
                continue
            reference = article.reference
            assert reference is not None, f"{self.law}, article {article.number}"
            rows.append((text, article.number, _confidence(reference.to_confirm), reference.text))
        return rows

    def _permitted(self, clause: ast.Permit) -> str:
        keys = [
            "equally" if key is None else f"by `{self._canonical(key.word)}`" for key in clause.keys
        ]
        most = clause.most
        up_to = f", multiplied up to {most.value}" if isinstance(most, ast.Number) else ""
        account = self._canonical(clause.account.word)
        group = self._canonical(clause.group.name.word)
        who = f"`{group}` that meet its condition" if clause.group.where else f"`{group}`"
        return f"`{account}` is shared among {who} {', '.join(keys)} alone{up_to}"

    def _canonical(self, word: str) -> str:
        return self.reading.canonical(word)

    def facts(self) -> list[tuple[str, ...]]:
        """The facts that the law declares, in the words of its own text."""
        inputs = {item.name: item for item in self.program.inputs}
        rows, article = [], ""
        for clause in self.document.clauses:
            if isinstance(clause, ast.Article):
                article = clause.number
            elif isinstance(clause, ast.Input):
                name = self._canonical(clause.name.word)
                sort = self.words.show(inputs[name].type)
                record = f", of each {inputs[name].record}" if inputs[name].record else ""
                rows.append((f"`{name}`", clause.label, sort + record, article))
        return rows

    def figures(self) -> list[tuple[str, ...]]:
        rows = []
        for name, index in self.program.figures.items():
            origin = self.program.origins.get(name)
            if origin is None or origin.law != self.law or name in self.program.parameters:
                continue
            default = " (unless the statute says otherwise)" if origin.default else ""
            rows.append((f"`{name}`{default}", self._shown(index), origin.article))
        return rows

    def parameters(self) -> list[tuple[str, ...]]:
        rows = []
        for name, dated in self.program.parameters.items():
            origin = self.program.origins.get(name)
            if origin is None or origin.law != self.law:
                continue
            for position, (start, value, reference, to_confirm) in enumerate(dated.values):
                percent = self.program.figures[name] in self.program.percents
                argument = Percent(value) if percent else (value, dated.type)
                shown = self.words.show(argument)
                rows.append(
                    (
                        f"`{name}`" if position == 0 else "",
                        f"{start}",
                        shown,
                        _confidence(to_confirm),
                        reference,
                    )
                )
        return rows


def _confidence(unsure: bool) -> str:
    return "to confirm" if unsure else ""


def _program(law: str, world: World) -> tuple[ir.Program, Words]:
    """A statute that says nothing of its own, under a law."""
    text = f'statute "Empty" under {law}\ncurrency EUR\nin force from {FIRST_DAY}\n'
    report = Report()
    file = StatuteFile(Path("statute.en.coop"), "", "en")
    policy = Policy(Path(), "en", {}, (file,))
    source = Source("statute.en.coop", text, "en")
    statute = pipeline.compile_source(source, file, policy, world, report)
    assert statute is not None, [item.code for item in report.in_order()]
    return statute.program, statute.words


def _document(law: Law, world: World) -> ast.Document:
    report = Report()
    source = Source(law.file, law.text, law.language)
    document = pipeline.read_document(source, world.words(law.language), report)
    assert document is not None, [item.code for item in report.in_order()]
    return document


if __name__ == "__main__":
    PAGE.write_text(page(load_world(Report())), encoding="utf-8", newline="\n")
