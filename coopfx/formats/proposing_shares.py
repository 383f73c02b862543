"""What a register of shares comes to: which column is the day, which what is added and what is taken."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from attrs import define

from coopfx.formats.mapping_made import MOVEMENTS, word_of
from coopfx.formats.profiles import Column, plain_word
from coopfx.formats.proposing_made import HIGHEST, SOME, SheetMade
from coopfx.formats.questions import Asked, Choice, Question, kept
from coopfx.formats.sheet_asked import NONE
from coopfx.ground.exact import DATE, NUMBER, TEXT
from coopfx.ground.facts import Field

_MORE, _LESS = "more", "less"


@define(slots=False)
class SheetShares(SheetMade):
    """One sheet, with what its movements of shares come to."""

    # ---- a register of shares

    def _movements(self) -> bool:
        """Whether a sheet with several lines a person and their days is answered to be a register of
        shares, though its names do not say so in full; then it is read as one."""
        own, day = self.id_column(), Field("", DATE)
        if own is None or own.is_unique or "sum" in self.table or self.table.get("beside") is False:
            return False
        languages, spoken = list(self.asks.languages), self.asks.spoken
        days = [
            one
            for one in self._free()
            if set(self.means(one)) <= {"day"} and one.fits(day, languages)
        ]
        amounts = [
            one
            for one in self._free()
            if one not in days
            and one.fits(Field("", NUMBER), languages)
            and (
                set(self.means(one)) & {"shares", "amount", "shares_held"}
                or max(spoken.likeness(one.name, key) for key in ("shares", "shares_held")) >= SOME
            )
        ]
        if len(days) != 1 or not amounts or not self._is_wanted("shares_held"):
            return False
        amounts.sort(key=lambda one: -spoken.likeness(one.name, "shares"))
        arguments = {"amount": amounts[0].name, "day": days[0].name}
        answer = self._ask("movements", Asked.YES_NO, phrase="movements", arguments=arguments)
        if answer:
            self._register(days[0], amounts[0])
        # While it is open, nothing is added up.
        return answer is not False

    def _register(self, day: Column | None = None, moved: Column | None = None) -> None:
        """Shares that are held, out of movements: of the columns given, or those that their names say."""
        name = "shares_held"
        self.table.setdefault("beside", True)
        if name in self.have or name not in self.fields:
            return
        before = self.table.get(MOVEMENTS, {}).get(self.asks.words.word(name), {})
        named = self.profile.named
        day = day or named(before.get("day", "")) or self._of("day", Field("", DATE))
        moved = moved or named(before.get("amount", ""))
        if moved is None:
            amount = self._of("amount", Field("", NUMBER))
            count = self._of("shares", Field("", NUMBER))
        else:
            means = set(self.means(moved))
            worth = bool(means & {"amount", "shares_held"}) and "shares" not in means
            worth = "each" not in before if before else worth
            like = self.asks.spoken.likeness(moved.name, "shares") >= SOME
            if not before and not means & {"amount", "shares", "shares_held"} and not like:
                said = self._ask(
                    "counts",
                    Asked.CHOICE,
                    choices=tuple(
                        Choice(key, self.asks.reader.phrase(f"data.counts.{key}"))
                        for key in ("money", "shares")
                    ),
                    phrase="counts",
                    arguments={"column": moved.name},
                )
                if said is None:
                    return
                worth = said == "money"
            amount, count = (moved, None) if worth else (None, moved)
        kind = named(before.get("kind", "")) or self._kind()
        if day is None or (amount is None and count is None):
            return
        source = amount or count
        assert source is not None
        # What is open of a register stays open for its columns.
        self.waiting |= {one.name for one in (day, source, kind) if one is not None}
        minus = before.get("minus", "")
        if self.earlier or not before:
            minus = minus or self._taken(source, day)
            if minus is None:
                return
        if minus:
            kind = None
        elif (kind is None or not kind.distinct) and (self.earlier or not before):
            chosen = self._kind_asked(source, day)
            if chosen is None:
                return
            kind = named(chosen)
        roles: dict[str, Any] = {"amount": source.name, "day": day.name}
        roles |= {"minus": minus} if minus else {}
        balance = named(before.get("balance", ""))
        if balance is None and (self.earlier or not before):
            balance = self._of("balance", Field("", NUMBER))
        if balance is not None and balance not in (source, day) and balance.name != minus:
            roles["balance"] = balance.name
        if amount is None:
            each = before.get("each") or self._ask(
                "each",
                Asked.AMOUNT,
                low=Fraction(1, 100),
                phrase="each",
                arguments={"column": source.name},
            )
            if each is None:
                return
            roles["each"] = (
                each
                if not isinstance(each, Fraction)
                else kept(Question("", "", Asked.AMOUNT), each)
            )
        if kind is not None and kind.distinct and not self._signs_say(source, kind):
            words = self._kinds(kind, before)
            if words is None:
                return
            if any(words):
                roles["kind"] = kind.name
                roles |= {
                    key: some for key, some in zip(("more", "less"), words, strict=True) if some
                }
        self._order_of_days({day.name})
        most = before.get("highest")
        asks = not most and "highest_share_capital" in self.asks.wanted
        if asks and self._ask(HIGHEST.strip(":"), Asked.YES_NO, phrase="highest"):
            most = self.asks.words.word("highest_share_capital")
        self._put(MOVEMENTS, name, roles | ({"highest": most} if most else {}))
        if self._canonical(source.name) in self.fields:
            # Its cells are movements, whatever figure it is called as.
            self.table["columns"][source.name] = ""
        self._absent("absent")

    def _absent(self, phrase: str, **arguments: Any) -> None:
        """Ask whether whoever has no line here has none."""
        if "absent" not in self.table and self._ask(
            "absent", Asked.YES_NO, phrase=phrase, arguments=arguments
        ):
            self.table["absent"] = "zero"

    def _kind(self) -> Column | None:
        """The column of what happened: called so, or with words that say of movements what they are."""
        kind = self._of("kind")
        if kind is not None:
            return kind
        spoken = self.asks.spoken
        words = spoken.lists("kind_more") | spoken.lists("kind_less")
        found = [
            one
            for one in self._free()
            if any(set(plain_word(word).split()[:1]) & words for word in one.distinct)
        ]
        return found[0] if len(found) == 1 else None

    def _taken(self, amount: Column, day: Column) -> str | None:
        """The column of what is taken away, beside that of what is added; empty where there is none, None
        while it is not known. It has something in lines where the other has nothing."""
        number, languages = Field("", NUMBER), list(self.asks.languages)
        could = [
            one
            for one in self._free()
            if one not in (amount, day)
            and "balance" not in self.means(one)
            and one.fits(number, languages)
            and any(
                _says_nothing(added) and not _says_nothing(taken)
                for added, taken in zip(amount.cells, one.cells, strict=True)
            )
        ]
        if not could:
            return ""
        chosen = self._column_asked("minus", could, number, arguments={"amount": amount.name})
        if chosen == NONE:
            return ""
        return chosen if isinstance(chosen, str) else None

    def _kind_asked(self, amount: Column, day: Column) -> str | None:
        """The column that says what adds and what takes, or that there is none; None while it is not known.

        Where no amount is below nought, a column of words that is passed over lets what was taken count
        as added. A remark may say it too; a name, the same on all lines of somebody, does not.
        """
        if any(_is_below(text) for text in amount.texts):
            return NONE
        own, languages = self.id_column(), list(self.asks.languages)
        if own is None:
            return None
        people = len(set(own.cells))
        could = [
            one
            for one in self._free()
            if one not in (amount, day)
            and set(self.means(one)) <= {"kind", "names"}
            and len(set(one.cells)) > 1
            and not one.fits(Field("", NUMBER), languages)
            and not one.fits(Field("", DATE), languages)
            and (
                "names" not in self.means(one)
                or len({*zip(own.cells, one.cells, strict=True)}) > people
            )
        ]
        if not could:
            return NONE
        few = [one for one in could if one.distinct]
        chosen = self._column_asked(
            "kinds", few, Field("", TEXT), none="data.kind.none", arguments={"amount": amount.name}
        )
        if not isinstance(chosen, str):
            self.waiting |= {one.name for one in could}
            return None
        return chosen

    def _signs_say(self, amount: Column, kind: Column) -> bool:
        """Whether amounts bear a sign themselves: some are below nought, and none of a kind that takes is
        above it."""
        less = self.asks.spoken.lists("kind_less")
        negative = False
        for text, word in zip(amount.cells, kind.cells, strict=True):
            below = _is_below(text)
            plain = plain_word(word)
            takes = plain in less or plain.split()[:1] in [[one] for one in less]
            if takes and text and not below:
                return False
            negative |= below
        return negative

    def _kinds(self, kind: Column, before: Mapping[str, Any]) -> tuple[list[str], list[str]] | None:
        """The words of a register that add and those that take; None while one is not known."""
        spoken = self.asks.spoken
        more, less = spoken.lists("kind_more"), spoken.lists("kind_less")
        adds, takes = list(before.get("more", [])), list(before.get("less", []))
        known = {word_of(one) for one in (*adds, *takes)}
        whole = True
        for word in kind.distinct:
            plain = plain_word(word)
            if word_of(word) in known:
                continue
            if plain in more or plain in less:
                (adds if plain in more else takes).append(word)
                continue
            reader = self.asks.reader
            choices = tuple(
                Choice(key, reader.phrase(f"data.kind.{key}")) for key in (_MORE, _LESS)
            )
            answer = self._ask(
                f"kind:{word_of(word)}",
                Asked.CHOICE,
                choices=choices,
                phrase="kind",
                arguments={"word": word},
            )
            if answer is None:
                whole = False
            else:
                (adds if answer == _MORE else takes).append(word)
        return (adds, takes) if whole else None


def _says_nothing(text: str) -> bool:
    """Whether a cell has no amount in it, or nought."""
    return not any(sign.isdecimal() and sign != "0" for sign in text)


def _is_below(text: str) -> bool:
    """Whether a cell shows an amount below nought."""
    return text.startswith(("-", "\u2212", "(")) or text.endswith("-")
