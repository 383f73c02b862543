"""The forms that a law permits, held against a statute before any figures.

A form is decided from the texts alone: by which keys an account is shared, and whether everyone whom
the law entitles is among those who share. What a form leaves open is not decided here.
"""

from collections.abc import Sequence
from fractions import Fraction

from attrs import define

from coopfx.ground.exact import Known
from coopfx.ground.report import Argument, Said, Word
from coopfx.ground.source import Span
from coopfx.language import ast, ir
from coopfx.language.link import Linker
from coopfx.language.placed import Feed, Placed, confidence
from coopfx.language.rising import rises
from coopfx.language.scope import Text

_AT_LEAST = {"at_least", "above"}
_AT_MOST = {"at_most", "below"}


def implies(
    first: int | None, second: int | None, nodes: Sequence[ir.AnyNode], constants: Sequence[Known]
) -> bool:
    """Whether whoever meets the first condition surely meets the second; None is no condition.

    Conditions are taken apart at ``and`` and ``or``, and single comparisons of one figure with a
    constant are compared by their bounds. No in doubt.
    """
    if second is None:
        return True
    if first is None:
        return False
    if first == second:
        return True
    left, right = nodes[first], nodes[second]
    if isinstance(left, ir.Op) and left.operation == "or":
        return all(implies(item, second, nodes, constants) for item in left.arguments)
    if isinstance(right, ir.Op) and right.operation == "and":
        return all(implies(first, item, nodes, constants) for item in right.arguments)
    if isinstance(right, ir.Op) and right.operation == "or":
        return any(implies(first, item, nodes, constants) for item in right.arguments)
    if isinstance(left, ir.Op) and left.operation == "and":
        return any(implies(item, second, nodes, constants) for item in left.arguments)
    if isinstance(left, ir.Compare) and isinstance(right, ir.Compare):
        return _comparison_implies(left, right, nodes, constants)
    return False


def _comparison_implies(
    left: ir.Compare, right: ir.Compare, nodes: Sequence[ir.AnyNode], constants: Sequence[Known]
) -> bool:
    bound, wanted = (_bound(node.right, nodes, constants) for node in (left, right))
    if left.left != right.left or bound is None or wanted is None:
        return False
    strict = right.relation in ("above", "below") and left.relation not in ("above", "below")
    if left.relation in _AT_LEAST and right.relation in _AT_LEAST:
        return bound > wanted if strict else bound >= wanted
    if left.relation in _AT_MOST and right.relation in _AT_MOST:
        return bound < wanted if strict else bound <= wanted
    return left.relation == right.relation == "equal" and bound == wanted


def _bound(index: int, nodes: Sequence[ir.AnyNode], constants: Sequence[Known]) -> Fraction | None:
    node = nodes[index]
    if isinstance(node, ir.Lift):
        return _bound(node.value, nodes, constants)
    if isinstance(node, ir.Slot):
        value = constants[node.index]
        return value if isinstance(value, Fraction) else None
    return None


def group_within(
    first: int, second: int, nodes: Sequence[ir.AnyNode], constants: Sequence[Known]
) -> bool:
    """Whether everyone in the first group is surely in the second."""
    if first == second:
        return True
    left, right = nodes[first], nodes[second]
    assert isinstance(left, ir.Group) and isinstance(right, ir.Group)
    if left.record != right.record:
        return False
    conditions: list[int] = []
    index: int | None = first
    while index is not None:
        node = nodes[index]
        assert isinstance(node, ir.Group)
        if node.where is not None:
            conditions.append(node.where)
        index = node.base
    index = second
    while index is not None:
        node = nodes[index]
        assert isinstance(node, ir.Group)
        if node.where is not None and not any(
            implies(condition, node.where, nodes, constants) for condition in conditions
        ):
            return False
        index = node.base
    return True


@define(slots=True)
class Forms:
    """Holds a statute's shares against the forms that laws permit."""

    linker: Linker

    def hold(self, placed: Placed, permit: ast.Permit) -> None:
        """Tell what a law's form does not permit of the shares of all that came from an account."""
        lowering, text = self.linker.lowering, placed.text
        account = text.words.canonical(permit.account.word)
        keys = {None if key is None else text.words.canonical(key.word) for key in permit.keys}
        group = lowering.grouping(permit.group, text)
        for number in self.linker.shared_from(account):
            share = self.linker.money[number]
            if isinstance(share.clause, ast.Allocate):
                # A formula gives to each record: a key that no law names.
                self._tell_not_permitted(
                    share.clause.amount.span, Said("key.formula"), placed, keys
                )
                continue
            assert isinstance(share.clause, ast.Share)
            for key in share.clause.keys:
                self._tell_key(key, share.text, placed, keys)
            node = self.linker.compile(number)
            if node is None or group is None:
                continue
            split = lowering.nodes[node]
            assert isinstance(split, ir.Split)
            self._tell_coefficient(split, share.clause, placed, permit)
            if not group_within(group, split.group, lowering.nodes, lowering.constants):
                place = share.clause.group.span
                theirs = lowering.nodes[group].record
                of_others = split.record != theirs
                self.linker.report.tell(
                    "L535" if of_others else "L502",
                    place,
                    related=(permit.group.span,),
                    record=Word(split.record or ""),
                    other=Word(theirs or ""),
                    account=Word(account),
                    law=placed.origin.law or "",
                    article=placed.origin.article,
                    reference=placed.origin.reference,
                    confidence=confidence(to_confirm=placed.origin.to_confirm),
                    form=self._called(placed),
                )

    def tell_called(self, placed: Placed, permit: ast.Permit) -> None:
        """Tell (L525) an account of the statute's own that laws call as they do the form's account.

        Not where the statute moves the form's account too: then its own is another.
        """
        linker = self.linker
        account = placed.text.words.canonical(permit.account.word)
        if linker.feeds.get(account) or linker.shared_from(account):
            return
        for name, declared in linker.scope.accounts.items():
            feeds = linker.feeds.get(name, [])
            text = declared.text if declared else next((self._text(one) for one in feeds), None)
            if text is None or not text.is_statute:
                continue
            clause = declared.clause if declared else None
            label = clause.label if isinstance(clause, ast.Account) else ""
            said = {text.words.word(name).replace("_", " ").casefold(), label.strip().casefold()}
            if said.isdisjoint(text.words.wordings.get(f"called.{account}", ())):
                continue
            linker.report.tell(
                "L525",
                declared.span if declared else _received(linker.money[feeds[0].clause], feeds[0]),
                related=(permit.span,),
                name=Word(name),
                account=Word(account),
                law=placed.origin.law or "",
                article=placed.origin.article,
                reference=placed.origin.reference,
                confidence=confidence(to_confirm=placed.origin.to_confirm),
                form=self._called(placed),
            )

    def _text(self, feed: Feed) -> Text:
        return self.linker.money[feed.clause].text

    def _called(self, placed: Placed) -> str:
        """What the form is called in the statute's language, as it would set it aside."""
        assert isinstance(placed.clause, ast.Permit)
        account = placed.text.words.canonical(placed.clause.account.word)
        form = ir.Permitted(account, placed.origin).form
        law = placed.origin.law or ""
        return f"{law}.{self.linker.texts[-1].words.word(form.removeprefix(f'{law}.'))}"

    def _tell_coefficient(
        self, split: ir.Split, share: ast.Share, placed: Placed, permit: ast.Permit
    ) -> None:
        """Tell a coefficient that the law does not permit.

        It permits none (L512), none so high (L513), or only one that rises with a figure (L516).
        """
        if split.coefficient is None or share.coefficient is None:
            return
        place, lowering = share.coefficient.span, self.linker.lowering
        law, article = placed.origin.law or "", placed.origin.article
        reference = placed.origin.reference
        sure = confidence(to_confirm=placed.origin.to_confirm)
        if permit.most is None:
            self.linker.report.tell(
                "L512",
                place,
                related=(permit.span,),
                law=law,
                article=article,
                reference=reference,
                confidence=sure,
                form=self._called(placed),
            )
            return
        most = lowering.value(permit.most, placed.text)
        rising = None
        if permit.rising is not None:
            rising = lowering.value(permit.rising, placed.text, split.record)
        found = self.linker.ranges()
        high = found[split.coefficient].high
        limit = None if most is None else found[most].high
        if limit is not None and (high is None or high > limit):
            self.linker.report.tell(
                "L513",
                place,
                related=(permit.span,),
                most=limit,
                law=law,
                article=article,
                reference=reference,
                confidence=sure,
                form=self._called(placed),
            )
        if rising is not None and not rises(split.coefficient, rising, lowering.nodes, found):
            self.linker.report.tell(
                "L516",
                place,
                related=(permit.span,),
                figure=Word(lowering.names[rising]),
                law=law,
                article=article,
                reference=reference,
                confidence=sure,
                form=self._called(placed),
            )

    def _tell_key(
        self, key: ast.Key, text: Text, placed: Placed, permitted: set[str | None]
    ) -> None:
        """Tell a key that the law does not permit (L501); a name that only stands for one is that one.

        A name that the law permits, and leaves to the statute to define, is permitted as defined.
        """
        figure = key.figure
        found = [None] if figure is None else self._named(figure, text)
        if not permitted.isdisjoint(found):
            return
        if found and found[-1] is not None and found[-1] not in self.linker.scope.figures:
            return  # a name that is not known is told where the share is compiled
        place = figure.span if figure else key.span
        self._tell_not_permitted(place, _shown(figure), placed, permitted)

    def _tell_not_permitted(
        self, place: Span, found: Argument, placed: Placed, permitted: set[str | None]
    ) -> None:
        shown = tuple(
            Word(name) if name else Said("key.equally") for name in sorted(permitted, key=str)
        )
        self.linker.report.tell(
            "L501",
            place,
            related=(placed.clause.span,),
            found=found,
            permitted=shown,
            law=placed.origin.law or "",
            article=placed.origin.article,
            reference=placed.origin.reference,
            confidence=confidence(to_confirm=placed.origin.to_confirm),
            form=self._called(placed),
        )

    def _named(self, figure: ast.Expression, text: Text) -> list[str | None]:
        """The names that a key is, each standing for the next alone; none for a formula."""
        names: list[str | None] = []
        while isinstance(figure, ast.Name):
            name = text.words.canonical(figure.word)
            if name in names:
                break
            names.append(name)
            declared = self.linker.scope.figures.get(name)
            if declared is None or not isinstance(declared.clause, ast.Define):
                break
            figure, text = declared.clause.value, declared.text
        return names


def _shown(figure: ast.Expression | None) -> Argument:
    if figure is None:
        return Said("key.equally")
    if isinstance(figure, ast.Name):
        return Said("token.word", {"word": figure.word})
    return Said("key.formula")


def _received(placed: Placed, feed: Feed) -> Span:
    """Where a clause says to which account its money goes."""
    clause = placed.clause
    if isinstance(clause, ast.Allocate) and feed.way == "item":
        return clause.items[feed.item].to.span
    return clause.span
