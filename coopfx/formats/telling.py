"""What one step of an explanation says when it is read aloud: its sentences, and where it is written."""

from collections.abc import Iterator
from fractions import Fraction
from functools import reduce
from pathlib import PurePath

from attrs import define

from coopfx.engine import outcome as out
from coopfx.ground.aloud import Aloud, last_of
from coopfx.ground.exact import Missing
from coopfx.ground.report import Argument, Percent, Said, Word
from coopfx.ground.source import Span

PREFIX = "explain."
LIMITS = ("item.high", "item.low", "item.when")
"""What limits an item is told with it."""
# Of these, a further figure says how much it is, unless that is already what its text says.
_VALUED = frozenset(("coefficient", "capped", "under_cap", "dropped", "large_enough"))


@define
class Telling:
    """Tells steps.

    ``at`` is where the sentence before is written, whose article is not said again; ``cited`` the
    article that was spoken of last, which is then *the same article*. Without ``lines``, articles are named
    and no line of any file: for whoever has the statute on paper.
    """

    words: Aloud
    at: tuple[str, str, int] = ("", "", 0)
    cited: tuple[str, str] = ("", "")
    lines: bool = True

    def step(self, step: out.Explanation, record: str) -> Iterator[str]:
        """What one step says, and where it is written."""
        how = step.how.removeprefix(PREFIX)
        if how.startswith("rule"):
            yield from self._rule(step)
        elif how.startswith("case"):
            yield self._case(step)
        elif how.startswith("indicator"):
            yield from self._indicator(step)
        elif how in ("exact", "rounded_up", "rounded_down", "rounded_alike"):
            yield from self._cent(how, step.arguments | {"record": record})
        else:
            yield self._placed(self._telling(how, step, record), step)
            decided = step.arguments.get("decided")
            if isinstance(decided, Word | Said):
                yield self.words.say("decides", decided=decided)
            for limit in step.steps:
                if limit.how.removeprefix(PREFIX) in LIMITS:
                    yield self._placed(self._limit(limit), limit)
        if step.arguments.get("confidence", "") != "":
            yield self.words.say("to_confirm")
        if self.lines and step.data is not None and "record" in step.arguments:
            place = {"file": file_of(step.data), "line": step.data.line}
            yield self.words.say("data.record", record=step.arguments["record"], **place)

    def _telling(self, how: str, step: out.Explanation, record: str) -> str:
        """The sentence of a step that says what it does."""
        arguments = {"record": record} | step.arguments
        value = step.value
        if how.startswith("item") and how != "items":
            return self._item(how, step)
        if how in ("defined", "formula") and self._same(arguments, "formula", "value"):
            how += ".plain"
        elif how == "defined" and isinstance(value, bool):
            how += ".holds"
        if how == "parameter" and arguments["reference"] == step.reference:
            how += ".plain"
        if how in ("key", "key_equally") and isinstance(arguments["weight"], Said):
            how += ".whole"
        if how in _VALUED:
            arguments["cap"] = self._valued(arguments, "figure", "value")
        return self._explained(how, arguments)

    def _item(self, how: str, step: out.Explanation) -> str:
        """What an item asks for, and what it takes: its rounding, or the cap that it fills up to."""
        arguments = dict(step.arguments)
        if how in ("item.not_held", "item.loss", "item.outside"):
            return self._explained(how, arguments)
        asked_for = arguments.get("asked")
        if isinstance(asked_for, Said):
            base = asked_for.key.removeprefix(PREFIX)
            arguments["asked"] = self._explained(base, asked_for.arguments)
            return self._explained(how, arguments | {"exact": asked_for.arguments["value"]})
        base = how.removesuffix(".until").removesuffix(".overflow")
        if "until" in arguments:
            arguments["cap"] = self._valued(arguments, "limit", "until")
        if how.endswith(".overflow"):
            return self._explained("item.overflow", arguments)
        asked = self._explained(base, arguments)
        if how.endswith(".until"):
            until, before = _number(arguments["until"]), _number(arguments["before"])
            known = until is not None and before is not None and isinstance(step.value, Fraction)
            bites = known and before + step.value >= until  # type: ignore[operator]
            state = "bites" if bites else "free" if known else "open"
            cap = self._explained(f"item.{state}", arguments)
            return f"{asked}. {sentence(cap, stop=False)}"
        rate, amount = arguments.get("rate"), _number(arguments["amount"])
        exact = None
        if how == "item" and isinstance(rate, Percent) and amount is not None:
            exact = rate.value * amount
        arguments["asked"] = asked
        if exact is None or exact == step.value or not isinstance(step.value, Fraction):
            return self._explained("item.makes", arguments)
        arguments["exact"] = (exact, step.type)
        return self._explained("item.rounded", arguments)

    def _limit(self, limit: out.Explanation) -> str:
        """Whether a cap, a floor or a condition decided what an item takes."""
        how = limit.how.removeprefix(PREFIX)
        value = limit.arguments["value"]
        if how == "item.when":
            holds = value[0] if isinstance(value, tuple) else None
            state = {True: "yes", False: "no"}.get(holds, "open")  # type: ignore[arg-type]
            condition = _stripped(limit.arguments["limit"], {})
            return self._explained(f"{how}.{state}", {"condition": condition})
        bites = limit.arguments.get("bites")
        state = "open" if bites is None else "bites" if bites is True else "free"
        cap = self._valued(limit.arguments, "limit", "value")
        return self._explained(f"{how}.{state}", {"cap": cap})

    def entitled(self, steps: list[out.Explanation]) -> Iterator[str]:
        """Who has a right to a part: the condition of it, and whether a record meets it by what figures."""
        known: dict[str, Argument] = {}
        conditions = [_stripped(step.arguments["condition"], known) for step in steps]
        self.at = ("", "", 0)
        form = "many" if conditions[1:] else "one"
        shown = self.listed([self.words.show(one) for one in reversed(conditions)])
        said = self._explained(f"entitled.{form}", {"conditions": shown})
        yield self._placed(said, steps[0])
        kinds = {step.how.removeprefix(PREFIX).split(".")[0] for step in steps}
        how = "does_not" if "not_entitled" in kinds else "does"
        how = "unknown" if "entitled_unknown" in kinds else how
        whether = self._explained(f"entitled.{how}", steps[0].arguments)
        facts = [
            self.words.say("named_value", name=Word(name), value=value)
            for name, value in reversed(known.items())
        ]
        yield (
            self.words.say("with_facts", said=whether, facts=self.listed(facts))
            if facts
            else whether
        )

    def _cent(self, how: str, arguments: dict[str, Argument]) -> Iterator[str]:
        """How a right becomes whole cents, and who has the cents that rounding leaves."""
        if how == "exact":
            yield self._explained(how, arguments)
            return
        yield self._explained("rounded.before", arguments)
        cents = arguments["cents"]
        assert isinstance(cents, int)
        if how != "rounded_alike" and cents:
            form = "one" if self.words.is_one(Fraction(cents)) else "many"
            yield self._explained(f"rounded.left.{form}", {"count": cents})
        yield self._explained(how if cents else "rounded_alike", arguments)

    # ---- rules and indicators

    def _rule(self, step: out.Explanation) -> Iterator[str]:
        """A rule or a recommendation: whether it is kept, with both sides, and by how much."""
        arguments = dict(step.arguments)
        status = last_of(arguments["status"])
        violated = status in ("not followed", out.VIOLATED)
        arguments["place"] = self._place(step)
        rule = arguments["rule"]
        arguments["rule"] = self.words.label(rule.name) if isinstance(rule, Word) else rule
        if status == out.SET_ASIDE:
            yield self.words.say("rule.aside", **arguments)
            return
        kind = "rule" if arguments["binding"] is True else "advice"
        yield self.words.say(f"{kind}.{out.VIOLATED if violated else status}", **arguments)
        sides = arguments.get("sides")
        if not isinstance(sides, Said):
            return
        relation = last_of(sides.arguments["relation"])
        of_records = ".worst" if violated else ".tightest"
        how = f"rule.sides{of_records if arguments['tightest'] is True else ''}"
        yield self.words.say(how, **self._sides(sides))
        margin = arguments["margin"]
        amount = margin.value if isinstance(margin, Percent) else _number(margin)
        if "allowance" in arguments:
            yield self.words.say("rule.allowed", allowance=arguments["allowance"])
        elif violated and amount is not None:
            own = abs(amount)
            gap = Percent(own) if isinstance(margin, Percent) else (own, step.type)
            yield self.words.say("rule.gap", margin=gap)
        elif amount is not None and relation not in ("equal", "differ"):
            yield self.words.say("rule.margin" if amount else "rule.limit", margin=margin)

    def _case(self, step: out.Explanation) -> str:
        record = step.arguments["record"]
        if "sides" in step.arguments:
            return self.words.say(
                "case.sides", record=record, **self._sides(step.arguments["sides"])
            )
        open_ = "why" in step.arguments
        return self.words.say(f"case.{out.UNDETERMINED if open_ else out.VIOLATED}", record=record)

    def _sides(self, sides: Argument) -> dict[str, Argument]:
        """Both sides of a comparison: what is found, and what is asked for."""
        assert isinstance(sides, Said)
        found = sides.arguments
        return {"left": found["left"], "asked": self.words.asked(found["relation"], found["right"])}

    def _indicator(self, step: out.Explanation) -> Iterator[str]:
        arguments = step.arguments
        known = "unknown" if isinstance(step.value, Missing) else "value"
        pillar = ".pillar" if arguments["pillar"] != "" else ""
        yield self._placed(self.words.say(f"indicator.{known}{pillar}", **arguments), step)
        if not isinstance(arguments["formula"], Word):
            yield self.words.say("indicator.formula", formula=arguments["formula"])
        if "target" in arguments:
            asked = self.words.asked(arguments["relation"], arguments["target"])
            yield self.words.say(f"indicator.target.{last_of(arguments['met'])}", asked=asked)

    # ---- sentences

    def listed(self, items: list[str]) -> str:
        """Things in a row, of which each may hold a comma."""
        return reduce(lambda said, other: self.words.say("also", said=said, other=other), items)

    def _explained(self, how: str, arguments: dict[str, Argument]) -> str:
        return self.words.say(PREFIX + how, **arguments)

    def _valued(self, arguments: dict[str, Argument], figure: str, value: str) -> str:
        """A figure's text and how much it is, once where these are the same."""
        if self._same(arguments, figure, value):
            return self.words.the(arguments[figure])
        both = {"figure": arguments[figure], "value": arguments[value]}
        return self.words.say("valued", **both)

    def _same(self, arguments: dict[str, Argument], figure: str, value: str) -> bool:
        return self.words.show(arguments[figure]) == self.words.show(arguments[value])

    def _placed(self, said: str, step: out.Explanation) -> str:
        """A sentence with the article that makes it so; of another line of that article, the line."""
        span = step.span
        if span is None:
            return said
        own = (span.file, step.article, span.line)
        before, self.at = self.at, own
        if own == before:
            return said
        if step.article and (before[:2] != own[:2]):
            return self.words.say("by", place=self._place(step), said=said)
        if step.law or not self.lines:
            return said
        where = {"file": file_of(span), "line": span.line, "model": step.model}
        line = self.words.say("line.model" if step.model else "line.statute", **where)
        if said.endswith(")"):
            return self.words.say("also", said=said.removesuffix(")"), other=f"{line})")
        return self.words.say("with_facts", said=said, facts=line)

    def _place(self, step: out.Explanation) -> str:
        """Where a step is written, as the subject of a sentence."""
        span = step.span
        line = 0 if span is None else span.line
        file = "" if span is None else file_of(span)
        if step.law:
            key = "law" if step.reference else "law_alone"
        elif step.article:
            key = "model" if step.model else "statute"
        else:
            key = "model_line" if step.model else "line"
        own = (step.law or file, step.article)
        if step.article and own == self.cited:
            key = "same_law" if step.law else "same"
        if not self.lines and not step.law:
            key = "same_alone" if key == "same" else "statute_alone"
        self.cited = own
        return self.words.say(
            f"place.{key}",
            article=step.article,
            law=step.law or "",
            model=step.model,
            reference=step.reference,
            file=file,
            line=line,
        )


def _stripped(argument: Argument, known: dict[str, Argument]) -> Argument:
    """A formula without the figures of a record that stand in it, which are kept by their names."""
    match argument:
        case Said("formula.known", arguments):
            name = arguments["name"]
            assert isinstance(name, Word)
            known[name.name] = arguments["value"]
            return name
        case Said(key, arguments):
            return Said(key, {own: _stripped(one, known) for own, one in arguments.items()})
        case _:
            return argument


def _number(argument: Argument) -> Fraction | None:
    value = argument[0] if isinstance(argument, tuple) else None
    return value if isinstance(value, Fraction) else None


def file_of(span: Span) -> str:
    """The name of the file that a place is in, without its folders."""
    return PurePath(span.file).name


def sentence(said: str, *, stop: bool = True) -> str:
    """A sentence with its capital letter and its full stop."""
    return said[:1].upper() + said[1:] + ("." if stop else "")
