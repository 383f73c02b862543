"""Two programs as one: what both say in the same words is there once, with one value in any year.

So whatever is said of a year is said of both, and a year is run for both at once.
"""

from datetime import date
from typing import Any

from attrs import Factory, define, evolve

from coopfx.language import ir


@define(slots=True)
class Joint:
    """The nodes of an old program, then those of a new one that say anything else.

    ``place`` has the node of each node of the new one. Nodes that were proved to have one value in every
    year are ``united``: what rests on them may then say the same.
    """

    old: ir.Program
    new: ir.Program
    program: ir.Program = Factory(lambda self: self.old, takes_self=True)
    place: list[int] = Factory(list)
    _first: list[int] = Factory(list)
    _united: dict[int, int] = Factory(dict)

    def __attrs_post_init__(self) -> None:
        self._join()

    def unite(self, old: int, new: int) -> None:
        """Take a node of the new program for one of the old one from here on."""
        self._united[new] = old
        self._join()

    def are_same(self, old: int, new: int) -> bool:
        """Whether a node of the old program and one of the new say the same, or are taken for one."""
        return self._first[old] == self.place[new]

    def of_old(self, index: int) -> int:
        """The place of a node of the old program: the first that says what it says."""
        return self._first[index]

    def _join(self) -> None:
        nodes, constants = list(self.old.nodes), list(self.old.constants)
        parameters = dict(self.old.parameters)
        numbers: dict[object, int] = {}
        self._first = []
        for index, node in enumerate(nodes):
            said = self._said(self.old, node, self._first)
            self._first.append(numbers.setdefault(said, index))
        self.place = []
        for index, node in enumerate(self.new.nodes):
            united = self._united.get(index)
            said = self._said(self.new, node, self.place)
            if united is not None:
                numbers.setdefault(said, self._first[united])
            known = numbers.get(said)
            if known is None:
                known = numbers[said] = len(nodes)
                nodes.append(self._made(node, constants, parameters))
            self.place.append(known)
        self.program = evolve(
            self.old,
            nodes=tuple(nodes),
            constants=tuple(constants),
            parameters=parameters,
            inputs=(
                *self.old.inputs,
                *(one for one in self.new.inputs if one not in self.old.inputs),
            ),
            accounts=self.new.accounts | self.old.accounts,
            in_force=max(self.old.in_force, self.new.in_force),
            rules=(*self.old.rules, *map(self._renumbered, self.new.rules)),
            truths=(
                *self.old.truths,
                *(ir.renumbered(one, self.place.__getitem__) for one in self.new.truths),
            ),
            records=tuple(dict.fromkeys((*self.old.records, *self.new.records))),
            allocations=(),
            shares=(),
            pools=(),
            books=(),
            indicators=(),
            examples=(),
            alternatives=(),
            names={},
            figures={},
        )

    def _renumbered(self, rule: ir.Rule) -> ir.Rule:
        return ir.renumbered(rule, self.place.__getitem__)

    @staticmethod
    def _said(program: ir.Program, node: ir.AnyNode, places: list[int]) -> object:
        """What a node says: its constant, or its parameter's values, and the rest."""
        own = ir.renumbered(node, places.__getitem__)
        match node:
            case ir.Slot(index):
                return ir.Slot, node.type, repr(program.constants[index])
            case ir.Param(name):
                return own, program.parameters[name].said
            case _:
                return own

    def _made(
        self, node: ir.AnyNode, constants: list[Any], parameters: dict[str, ir.Dated]
    ) -> ir.AnyNode:
        own = ir.renumbered(node, self.place.__getitem__)
        if isinstance(own, ir.Slot):
            constants.append(self.new.constants[own.index])
            return evolve(own, index=len(constants) - 1)
        if isinstance(own, ir.Param):
            dated = self.new.parameters[own.name]
            named = own.name
            while named in parameters and parameters[named].said != dated.said:
                named += "'"
            parameters[named] = dated
            return evolve(own, name=named)
        return own


def last_of(joint: ir.Program, ends: tuple[date | None, date | None]) -> date | None:
    """The last day on which two programs are in force together, where there are such days."""
    last = min((one for one in ends if one is not None), default=None)
    return last if last is None or last >= joint.in_force else None
