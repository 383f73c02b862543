"""What the tests of the nearest lawful change share."""

from coopfx.engine.proof.nearest import Search
from coopfx.engine.proof.prove import prove, prove_clauses
from coopfx.language import ir
from sharing import Compile, TryText


def searched(compile_text: Compile, try_text: TryText, text: str) -> Search:
    """The search for the nearest lawful change of a text, with what is proved of it."""

    def compiled(other: str) -> ir.Program | None:
        statute, _ = try_text(other)
        return None if statute is None else statute.program

    program = compile_text(text).program
    rules = list(prove(program))
    made = [*rules, *prove_clauses(program, rules)]
    return Search(program, made, text, compiled)
