"""The last step of compiling: prelude, laws and statute, to one program or to what is wrong with them."""

from collections.abc import Sequence

from attrs import fields

from coopfx.ground.figure import opening_of
from coopfx.ground.report import Report, Word
from coopfx.language import ast, ir
from coopfx.language.bounds import tell_impossible
from coopfx.language.entries import entries_of
from coopfx.language.example import Examples
from coopfx.language.flows import LOSSES
from coopfx.language.idle import tell_idle
from coopfx.language.judge import Judge
from coopfx.language.link import Linker
from coopfx.language.placed import Placed
from coopfx.language.ranges import ranges
from coopfx.language.scope import PRELUDE, Scope, Text, currency_of, header
from coopfx.language.truths import truths_of


def assemble(texts: Sequence[Text], report: Report) -> ir.Program | None:
    """The program of a statute, the last of the texts, under the prelude and the laws before it.

    Every mistake is told in the report; with any error there, no program is returned.
    """
    statute = texts[-1]
    head = header(statute.document, report)
    if head is None or not _currencies_agree(texts, report):
        return None
    scope = Scope(head.currency, report)
    for text in texts:
        scope.declare(text)
    scope.settle_defaults()
    linker = Linker(texts, report, scope)
    clauses = linker.placed()
    linker.gather(clauses)
    figures = _figures(linker)
    for number in range(len(linker.money)):
        linker.compile(number)
    _tell_silent_losses(linker, report)
    tell_idle(linker)
    _tell_unlost(linker, report)
    judge = Judge(linker, head.in_force)
    judge.judge(clauses)
    examples = Examples(linker.lowering, report, tuple(judge.rules), judge.amiss)
    for placed in clauses:
        if isinstance(placed.clause, ast.Example):
            examples.example(placed, placed.clause)
    accounts = {
        name: linker.nodes_of(name, declared.span if declared else head.span)
        for name, declared in list(scope.accounts.items())
    }
    books = entries_of(linker)
    read = _read(linker)
    truths = truths_of(linker, clauses, read, accounts)
    tell_impossible(linker.lowering.declared, clauses, report)
    linker.origins.tell_included(clauses)
    scope.tell_unknown()
    if report.failed:
        return None
    scope.never_used()
    lowering, origins = linker.lowering, _origins(clauses)
    allocations, shares, pools = _money_clauses(linker)
    return ir.Program(
        name=head.title,
        language=statute.document.language,
        in_force=head.in_force,
        currency=head.currency,
        laws=tuple(text.law for text in texts if text.law),
        nodes=tuple(lowering.nodes),
        constants=tuple(lowering.constants),
        inputs=tuple(lowering.declared.inputs.values()),
        parameters=lowering.declared.parameters,
        accounts={name: nodes for name, nodes in accounts.items() if nodes is not None},
        figures=figures | read,
        allocations=allocations,
        shares=shares,
        pools=pools,
        books=books,
        rules=tuple(judge.rules),
        indicators=tuple(judge.indicators),
        examples=tuple(examples.made),
        permitted=tuple(judge.permitted),
        names=lowering.names,
        records=tuple(scope.records),
        truths=truths,
        alternatives=_alternatives(linker),
        percents=frozenset(lowering.percents),
        places=lowering.places,
        origins=origins,
        declared=_declared(clauses),
        unconfirmed=_unconfirmed(linker, clauses),
        redefined={
            name: node
            for name in scope.defaults
            if (node := lowering.figures.get(name)) is not None
            and scope.figures[name].text.is_statute
            and not origins[name].model
            and not isinstance(lowering.nodes[node], ir.Slot)
        },
    )


def _tell_silent_losses(linker: Linker, report: Report) -> None:
    """Tell (M410) the clauses that do not say where a loss goes, where what they give out may be one."""
    nodes = linker.lowering.nodes
    found = ranges(nodes, linker.lowering.constants) if linker.silent else []
    for number in linker.silent:
        node, clause = linker.compile(number), linker.money[number].clause
        made = None if node is None else nodes[node]
        if not isinstance(made, ir.Allocate) or not found[made.source].at_least_zero:
            assert isinstance(clause, ast.Allocate)
            words = linker.money[number].text.words
            line = f"{words.keywords['LOSSES'][0]} {words.after('TO', words.word(LOSSES))}"
            report.tell("M410", clause.amount.span, account=Word(LOSSES), expected=line)


def _tell_unlost(linker: Linker, report: Report) -> None:
    """Tell (M442) a figure that may be a loss and that clauses give out, none of which takes that."""
    nodes = linker.lowering.nodes
    for number in [
        one for one, node in linker.losing.items() if isinstance(nodes[node], ir.Compare)
    ]:
        clause, text = linker.money[number].clause, linker.money[number].text
        assert isinstance(clause, ast.Allocate)
        name, span, expected = linker.draws[number].name, clause.amount.span, ""
        source = report.sources.get(span.file)
        if source and clause.origin is not None and span.line == span.end_line:
            line, least = source.line(span.line), text.words.keywords["MIN"][0]
            amount = line[span.column - 1 : span.end_column - 1]
            amount = f"{least}({text.words.word(name)}, {amount})"
            expected = f"{line[: span.column - 1]}{amount}{line[span.end_column - 1 :]}".strip()
        report.tell("M442", span, name=Word(name), expected=expected)


def _currencies_agree(texts: Sequence[Text], report: Report) -> bool:
    """Whether the amounts of the laws and of the models are in the statute's currency; told (L517)."""
    own = currency_of(texts[-1].document)
    others: dict[str, dict[str, None]] = {}
    for text in texts[:-1]:
        theirs = currency_of(text.document)
        if theirs and own and theirs.code != own.code and _names_amounts(text.document.clauses):
            others.setdefault(theirs.code, {})[f"`{text.law or text.model}`"] = None
    for currency, names in others.items():
        assert own is not None, "a statute without a currency has been told"
        report.tell("L517", own.span, currency=own.code, other=currency, names=tuple(names))
    return not others


def _names_amounts(part: object) -> bool:
    """Whether an amount of money stands anywhere in a clause or an expression."""
    if isinstance(part, ast.Quantity):
        return part.unit.isupper() or (part.per or "").isupper()
    if isinstance(part, ast.TypeName) and part.terminal == "CURRENCY":
        return True
    if isinstance(part, tuple):
        return any(map(_names_amounts, part))
    return isinstance(part, ast.Node) and any(
        _names_amounts(getattr(part, item.name)) for item in fields(type(part))
    )


def _alternatives(linker: Linker) -> tuple[tuple[int, ...], ...]:
    found = []
    for numbers in linker.alternatives():
        nodes = [linker.compile(number) for number in numbers]
        found.append(tuple(node for node in nodes if node is not None))
    return tuple(found)


def _origins(clauses: Sequence[Placed]) -> dict[str, ir.Origin]:
    """Where each parameter and defined name stands."""
    return {
        placed.text.words.canonical(placed.clause.name.word): placed.origin
        for placed in clauses
        if isinstance(placed.clause, ast.Parameter | ast.Define | ast.Decide | ast.Scale)
    }


def _declared(clauses: Sequence[Placed]) -> dict[str, ir.Origin]:
    """Where each fact is declared, and what an account never is below: the first to say so."""
    found: dict[str, ir.Origin] = {}
    for placed in clauses:
        clause = placed.clause
        if isinstance(clause, ast.Input):
            found.setdefault(placed.text.words.canonical(clause.name.word), placed.origin)
        elif isinstance(clause, ast.Account) and clause.low is not None:
            name = placed.text.words.canonical(clause.name.word)
            found.setdefault(opening_of(name), placed.origin)
    return found


def _unconfirmed(linker: Linker, clauses: Sequence[Placed]) -> frozenset[int]:
    """The nodes of the named figures and of the money that stand in an article still to confirm."""
    nodes = [
        linker.lowering.figures.get(name)
        for name, origin in _origins(clauses).items()
        if origin.to_confirm
    ]
    nodes += [
        linker.compile(number)
        for number, placed in enumerate(linker.money)
        if placed.origin.to_confirm
    ]
    return frozenset(node for node in nodes if node is not None)


def _figures(linker: Linker) -> dict[str, int]:
    """The nodes of the parameters and defined names that are figures of the cooperative.

    Every declaration is compiled, also one that nothing uses, so that its mistakes are told.
    """
    found = {}
    for name, declared in linker.scope.figures.items():
        if isinstance(declared.clause, ast.Input):
            linker.lowering.declared.input(name, declared.clause, declared.text)
        elif declared.text.law != PRELUDE:
            node = linker.lowering.figure(name, declared, declared.span)
            if node is not None and linker.lowering.nodes[node].record is None:
                found[name] = node
    return found


def _read(linker: Linker) -> dict[str, int]:
    """The nodes of the cooperative's own facts that some clause reads."""
    lowering = linker.lowering
    return {
        name: node
        for name, node in lowering.figures.items()
        if node is not None
        and isinstance(lowering.nodes[node], ir.Input)
        and lowering.nodes[node].record is None
    }


def _money_clauses(
    linker: Linker,
) -> tuple[tuple[ir.AllocateClause, ...], tuple[ir.ShareClause, ...], tuple[ir.PoolClause, ...]]:
    allocations, shares, pools = [], [], []
    for number, placed in enumerate(linker.money):
        node = linker.compile(number)
        if node is None:
            continue
        canonical = placed.text.words.canonical
        match placed.clause:
            case ast.Allocate(amount, items):
                lines = tuple(item.span.line for item in items if not item.losses)
                losses = next((item.span.line for item in items if item.losses), None)
                name, loses = _name(amount, placed), linker.losing.get(number)
                allocations.append(
                    ir.AllocateClause(node, name, placed.origin, lines, losses, loses)
                )
            case ast.Share(amount, group):
                account = _name(amount, placed)
                shares.append(
                    ir.ShareClause(node, account, canonical(group.name.word), placed.origin)
                )
            case ast.Pool(figure=figure, account=pooled):
                pools.append(
                    ir.PoolClause(
                        node, canonical(figure.word), canonical(pooled.word), placed.origin
                    )
                )
            case _:
                raise AssertionError(f"no money moves in {placed.clause}")
    return tuple(allocations), tuple(shares), tuple(pools)


def _name(amount: ast.Expression, placed: Placed) -> str | None:
    match amount:
        case ast.Name(word) | ast.NameOf(ast.Name(word)):
            return placed.text.words.canonical(word)
        case _:
            return None
