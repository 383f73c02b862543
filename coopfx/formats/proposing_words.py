"""What the words of a sheet's columns mean as yes and no, what an empty cell is, which day comes first."""

from attrs import define

from coopfx.formats import cells
from coopfx.formats.mapping_made import DAYS, EMPTY, word_of
from coopfx.formats.notation import ORDERS, Amiss, Style
from coopfx.formats.profiles import Column, plain_word
from coopfx.formats.questions import Asked, Choice
from coopfx.formats.sheet_asked import SheetAsked
from coopfx.ground.exact import DATE, NUMBER, YES_NO, Kind, Known
from coopfx.ground.facts import Field

NOTHING, UNKNOWN = "nothing", "unknown"
"""What an empty cell may be: none and no, or not known."""
_FEW_WORDS = 6


@define(slots=False)
class SheetWords(SheetAsked):
    """One sheet, with what its words mean."""

    everybody: Known | None = None
    """What is answered to whether all have a contract of work."""

    # ---- yes and no

    def _contract(self) -> None:
        """Who has a contract of work: by the words of a column, or all."""
        for name in list(self.table.get("words", {})):
            spoken = self.profile.named(name)
            if spoken is not None and spoken.distinct:
                for figure in self.given(name):
                    self._words_of(spoken, figure)
        if self.beside or self.record != "person" or not self._is_wanted("worker"):
            return
        column = self._of("contract")
        if column is not None and column.distinct:
            self._words_of(column, "worker")
            return
        self.everybody = self._ask("all:worker", Asked.YES_NO, phrase="all_worker")
        if self.everybody is None:
            self.pending.add("worker")
        if self.everybody is True:
            self.table.setdefault("all", {})[self.asks.words.word("worker")] = True

    def _words_of(self, column: Column, figure: str) -> None:
        """What each word of a column means as yes and no, as far as it is known or answered."""
        known = self.asks.spoken.lists("contract_yes") if figure == "worker" else frozenset()
        means: dict[str, bool] = dict(self.table.get("words", {}).get(column.name, {}))
        before = {word_of(one) for one in means}
        languages, is_open = list(self.asks.languages), False
        for word in column.distinct:
            if word_of(word) in before or cells.is_blank(word):
                continue
            if plain_word(word) in known or word.casefold() in known:
                means[word] = True
                continue
            if not isinstance(cells.read(word, Field("", YES_NO), languages, Style()), Amiss):
                continue
            answer = self._ask(
                f"word:{column.name}:{word_of(word)}",
                Asked.YES_NO,
                phrase="contract" if figure == "worker" else "word",
                arguments={"word": word, "column": column.name, "figure": self._label(figure)},
            )
            if isinstance(answer, bool):
                means[word] = answer
            is_open |= answer is None
        if means or not is_open:
            self.table["columns"][column.name] = self.asks.words.word(figure)
        else:
            self.table["columns"].pop(column.name, None)
            self.pending.add(figure)
            self.waiting.add(column.name)
        if means:
            self.table.setdefault("words", {})[column.name] = means

    def _says_yes_and_no(self, column: Column) -> bool:
        """Whether a column has few words, some of them again and again or some cells without any."""
        languages = list(self.asks.languages)
        if column.fits(Field("", YES_NO), languages):
            return True
        few = 0 < len(column.distinct) <= _FEW_WORDS
        repeated = column.has_gaps or len(column.distinct) < len(column.texts)
        return (
            few
            and repeated
            and not column.fits(Field("", NUMBER), languages)
            and not column.fits(Field("", DATE), languages)
        )

    # ---- empty cells

    def _empties(self) -> None:
        """Of each column that gives a figure: what an empty cell of it is, where it has any."""
        said = self.table.get(EMPTY, {})
        for column in self.profile.columns:
            own = self.table["columns"].get(column.name, "")
            field = self.fields.get(self._canonical(own)) if own else None
            if field is None or column.name in said or not column.has_gaps or not column.texts:
                continue
            of_words = field.type.kind is Kind.YES_NO
            nothing = False if of_words else 0
            if not of_words and (
                field.type.kind is not Kind.QUANTITY or not field.admits(cells.NOUGHT)
            ):
                continue
            reader = self.asks.reader
            sort = "no" if of_words else "nought"
            choices = (
                Choice(NOTHING, reader.phrase(f"data.empty.{sort}")),
                Choice(UNKNOWN, reader.phrase("data.empty.unknown")),
            )
            answer = self._ask(
                f"{EMPTY}:{column.name}",
                Asked.CHOICE,
                choices=choices,
                phrase="empty_cell",
                arguments={"column": column.name, "figure": self._label(field.name)},
            )
            if answer == NOTHING:
                self.table.setdefault(EMPTY, {})[column.name] = nothing

    # ---- days

    def _order_of_days(self, columns: set[str]) -> None:
        """Which of day and month stands first, where neither the days nor the language say it."""
        languages = list(self.asks.languages)
        found = [
            day
            for one in self.profile.columns
            if one.name in columns and (day := one.days_in_two_ways(languages))
        ]
        if not found or DAYS in self.table:
            return
        field, reader = Field("", DATE), self.asks.reader
        read = {one: cells.read(found[0], field, languages, Style(days=one)) for one in ORDERS}
        choices = tuple(
            Choice(key, reader.value(one, DATE))
            for key, one in read.items()
            if one is not None and not isinstance(one, Amiss)
        )
        answer = self._ask(
            DAYS, Asked.CHOICE, choices=choices, phrase="days", arguments={"day": found[0]}
        )
        if isinstance(answer, str):
            self.table[DAYS] = answer
