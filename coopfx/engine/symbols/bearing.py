"""What bears on a condition, of all that is said in a solver.

What is said when a figure is first spoken of makes that figure what it is, and bears on whatever speaks
of it; so does what is said later, of figures known already, with all that are not facts. All else may be
left out: of a fact, much is said that is nothing to others who speak of it, and a solver that is told
less never rules out more.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import z3
from attrs import define, field


@define(slots=True, eq=False)
class Bearing:
    """Finds what bears on conditions, of axioms as they become more."""

    _said: list[tuple[z3.BoolRef, frozenset[int], bool]] = field(init=False, factory=list)
    _counts: dict[bool, int] = field(init=False, factory=lambda: {False: 0, True: 0})
    _order: dict[int, int] = field(init=False, factory=dict)
    _owned: dict[int, list[int]] = field(init=False, factory=dict)
    _worked_out: set[int] = field(init=False, factory=set)
    _always: list[int] = field(init=False, factory=list)
    _constants: dict[int, frozenset[int]] = field(init=False, factory=dict)
    # Terms are kept: a solver numbers anew what nobody holds.
    _held: list[Any] = field(init=False, factory=list)

    def learn(self, axioms: Sequence[z3.BoolRef], *, exactly: bool) -> None:
        """Take note of the axioms that are new since the last time."""
        for axiom in axioms[self._counts[exactly] :]:
            found = self._of(axiom)
            place = len(self._said)
            self._said.append((axiom, found, exactly))
            new = [one for one in found if one not in self._order]
            for one in new:
                self._order[one] = len(self._order)
            if not found:
                self._always.append(place)
            owners = new or [one for one in found if one in self._worked_out]
            for one in owners or sorted(found, key=self._order.__getitem__)[-1:]:
                self._owned.setdefault(one, []).append(place)
        self._counts[exactly] = len(axioms)

    def on(self, conditions: Iterable[z3.BoolRef], *, exactly: bool) -> list[z3.BoolRef]:
        """The axioms that bear on conditions, in the order in which they were said."""
        wanted = {one for condition in conditions for one in self._of(condition)}
        reached, taken = set(wanted), set(self._always)
        waiting = list(wanted)
        while waiting:
            for place in self._owned.get(waiting.pop(), ()):
                _, constants, exact = self._said[place]
                if place in taken or (exact and not exactly):
                    continue
                taken.add(place)
                waiting += constants - reached
                reached |= constants
        return [self._said[place][0] for place in sorted(taken)]

    def _of(self, term: Any) -> frozenset[int]:
        """The constants that a term speaks of: by the solver's plain calls, its objects being slow."""
        self._held.append(term)
        context, known = term.ctx_ref(), self._constants
        waiting = [(z3.Z3_get_ast_id(context, term.as_ast()), term.as_ast())]
        while waiting:
            number, one = waiting[-1]
            if number in known:
                waiting.pop()
                continue
            places = range(z3.Z3_get_app_num_args(context, one))
            parts = [z3.Z3_get_app_arg(context, one, place) for place in places]
            numbered = [(z3.Z3_get_ast_id(context, part), part) for part in parts]
            missing = [pair for pair in numbered if pair[0] not in known]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            if parts:
                known[number] = frozenset().union(*(known[part] for part, _ in numbered))
            else:
                known[number] = self._of_constant(context, number, one)
        return known[term.get_id()]

    def _of_constant(self, context: Any, number: int, one: Any) -> frozenset[int]:
        if z3.Z3_get_ast_kind(context, one) != z3.Z3_APP_AST:
            return frozenset()
        declared = z3.Z3_get_app_decl(context, one)
        if z3.Z3_get_decl_kind(context, declared) != z3.Z3_OP_UNINTERPRETED:
            return frozenset()
        name = z3.Z3_get_symbol_string(context, z3.Z3_get_decl_name(context, declared))
        # A fact has its own name, which the solver leaves as it is.
        if "!" in name:
            self._worked_out.add(number)
        return frozenset([number])
