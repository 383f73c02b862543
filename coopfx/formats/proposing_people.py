"""Who each line of a sheet is about, and how those who are listed elsewhere are called in it."""

from itertools import pairwise

from attrs import define

from coopfx.formats.mapping_made import ALIKE, MOVEMENTS, NAMES
from coopfx.formats.profiles import Column
from coopfx.formats.proposing_shares import SheetShares
from coopfx.formats.questions import Asked, Choice
from coopfx.formats.rows import by_words_of_name, words_of_name
from coopfx.formats.sheet_asked import MOST_CHOICES, NONE, TOGETHER
from coopfx.ground.exact import DATE, NUMBER, TEXT
from coopfx.ground.facts import Field

_LIKELY = 0.5


@define(slots=False)
class SheetPeople(SheetShares):
    """One sheet, with whom its lines are about."""

    # ---- who each line is about

    def _identifier(self) -> None:
        columns = self.table["columns"]
        if self.table.get(NAMES) or any(self._is_id(what) for what in columns.values()):
            return
        found = [one for one in self._free() if "id" in self.means(one) and self._is_full(one)]
        people = set(self.people)
        if self.beside and people and len(found) != 1:
            # Whoever stands in a column is one of those whom another sheet lists.
            names = {words_of_name(one) for one in people}
            found = [
                one
                for one in self._identifiers()
                if names.issuperset(map(words_of_name, one.texts))
            ]
        could = found
        elsewhere: list[Column] = []
        if not self.beside:
            number, languages = Field("", NUMBER), list(self.asks.languages)
            named = [one for one in self._identifiers() if not one.fits(number, languages)]
            elsewhere = [one for one in named if self._listed(one)]
            if found and elsewhere and not any(map(self._listed, found)):
                # Other sheets speak of people by another column: who is who must be said alike.
                could = [*elsewhere, *found]
        if len(could) == 1:
            self._identify(could[0].name)
            return
        could = could or self._identifiers()
        if not could:
            return
        # A column that tells all lines apart is likelier to say who each is about.
        could.sort(key=lambda one: (one not in elsewhere, not one.is_unique))
        field = Field("", TEXT)
        choices = tuple(
            Choice(one.name, one.name, self._read(one, field)) for one in could[:MOST_CHOICES]
        )
        choices += (Choice(NONE, self.asks.reader.phrase("data.id_none")),)
        chosen = self._ask("id", Asked.CHOICE, choices=choices, phrase="id")
        if isinstance(chosen, str) and chosen != NONE:
            self._identify(chosen)

    def _identify(self, name: str) -> None:
        """Take a column, or two together, for what says who each line is about."""
        if self.profile.named(name) is None:
            self.table[NAMES] = name.split(TOGETHER)
        else:
            self.table["columns"][name] = "id"

    def _is_full(self, column: Column) -> bool:
        return len(column.texts) >= self.profile.rows

    def _listed(self, column: Column) -> bool:
        """Whether a column of another sheet speaks of those who stand in this one."""
        own = set(map(words_of_name, column.texts))
        return column.is_unique and any(
            sum(words_of_name(name) in own for name in one) >= max(2, _LIKELY * len(one))
            for one in self.others
        )

    def _identifiers(self) -> list[Column]:
        """The columns that could say who each line is about, and two of names that do so together."""
        text, day, languages = Field("", TEXT), Field("", DATE), list(self.asks.languages)
        free = [one for one in self._free() if self._is_full(one)]
        found = [one for one in free if one.fits(text, languages) and not one.fits(day, languages)]
        of_names = [
            one
            for one in found
            if "names" in self.means(one)
            or (not self.means(one) and not any(map(str.isdecimal, "".join(one.texts))))
        ]
        pairs = [
            both
            for first, second in pairwise(of_names)
            if (both := self._together([first.name, second.name])) is not None
            and both.is_unique
            and not (first.is_unique and "names" not in self.means(second))
        ]
        return [*pairs, *found]

    # ---- who stands only here

    def _alike(self, own: Column) -> bool | None:
        """Whether people who are written otherwise here are those whom another sheet lists; None while it
        is not known."""
        if ALIKE in self.table:
            return bool(self.table[ALIKE])
        known, names = set(self.people), by_words_of_name(self.people)
        pairs = [
            (one, names[key])
            for one in dict.fromkeys(own.texts)
            if one not in known and (key := words_of_name(one)) in names
        ]
        if not pairs:
            return False
        here, there = pairs[0]
        answer = self._ask(
            ALIKE,
            Asked.YES_NO,
            phrase="alike",
            arguments={"here": here, "there": there, "others": len(pairs)},
        )
        if answer is None:
            return None
        self.table[ALIKE] = answer is True
        return answer is True

    def _alone(self) -> None:
        own = self.id_column()
        if not (self.table.get("beside") and self.people) or own is None:
            return
        here = set(own.texts)
        if self._alike(own) is None:
            return
        if self.table.get(ALIKE):
            names = by_words_of_name(self.people)
            here = {names.get(words_of_name(one), one) for one in here}
        lacking = [one for one in self.people if one not in here]
        gives = any(
            one != "id" for column in self.profile.columns for one in self.given(column.name)
        )
        if lacking and gives and MOVEMENTS not in self.table:
            self._absent("no_line", names=tuple(lacking[:3]))
        known = set(self.people)
        strangers = [one for one in dict.fromkeys(own.texts) if one in here and one not in known]
        if not strangers or "alone" in self.table or "worker" not in self.fields:
            return
        count = len(strangers)
        if self._ask(
            "alone",
            Asked.YES_NO,
            phrase="alone",
            arguments={"count": count, "names": tuple(strangers[:3])},
        ):
            self.table["alone"] = {self.asks.words.word("worker"): False}
