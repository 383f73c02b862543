"""The page of a cooperative that begins: what it has decided, what is open, what comes next."""

from coopfx.formats.questions import Question, shown
from coopfx.ground.exact import Known
from coopfx.ground.words import Words
from coopfx.plugged.world import World
from coopfx.starts.decisions import ANSWERS, Asking


def readme_text(folder: str, asking: Asking, commands: list[tuple[str, str]], words: Words) -> str:
    """The page of the cooperative in a ``folder`` of this name, in Markdown.

    ``commands`` may come next, each with the key of what it does.
    """
    assert asking.decided is not None, "a statute was written"
    decided = [(question, value) for question, value in asking.asked if value is not None]
    open_ = [question for question, value in asking.asked if value is None]
    parts = [
        f"# {_plain(asking.decided.name)}",
        words.phrase("new.readme.begun", answers=ANSWERS, folder=folder),
        f"## {words.phrase('new.readme.decided')}",
        _table(decided, words),
    ]
    if open_:
        lines = [f"- {_open(question, words)}" for question in open_]
        parts += [f"## {words.phrase('new.readme.open')}", "\n".join(lines)]
    rows = [
        "- " + words.phrase("ask.choice", choice=f"`coopfx {one}`", consequence=words.phrase(key))
        for one, key in ((one, f"here.step.{key}") for one, key in commands)
    ]
    parts += [f"## {words.phrase('new.readme.next')}", "\n".join(rows)]
    return "\n\n".join(parts) + "\n"


def next_steps(folder: str, world: World) -> list[tuple[str, str]]:
    """What comes after a beginning in a ``folder``, as it is typed after a command: each command, and the
    key of what it does."""
    steps = [(f"check {folder}", "check"), (f"test {folder}", "test"), (f"prove {folder}", "prove")]
    if "template" in world.commands:
        steps.append((f"template {folder}", "template"))
    return [*steps, (f"explain {folder} --missing", "missing"), (f"new {folder}", "again")]


def _table(decided: list[tuple[Question, Known]], words: Words) -> str:
    heads = [words.phrase(f"new.readme.{one}") for one in ("question", "answer", "article")]
    rows = [
        [question.text, shown(question, value, words), question.article or ""]
        for question, value in decided
    ]
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(map(_plain, line)) + " |" for line in lines)


def _open(question: Question, words: Words) -> str:
    if question.default is None:
        return _plain(question.text)
    until = words.phrase("new.readme.until", default=shown(question, question.default, words))
    return _plain(f"{question.text} {until}")


def _plain(text: str) -> str:
    """A text as one cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")
