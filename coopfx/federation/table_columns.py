"""The columns of a table while it is made: texts by their codes, amounts, whole numbers."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from attrs import Factory, define, frozen

from coopfx.engine.columns.values import Array
from coopfx.federation.layouts import COLUMNS, EVERY, MOST_DIGITS
from coopfx.ground.tables import DATE, MONEY, TEXT, WHOLE, Decimals, Texts


@frozen(slots=True, eq=False)
class Coded:
    """Texts, each by the place of its word among ``words``; below zero there is none."""

    codes: Array
    words: Sequence[str]

    @staticmethod
    def of(values: Sequence[str | None]) -> "Coded":
        """Texts as they are, each a word of its own."""
        there = [place if value is not None else -1 for place, value in enumerate(values)]
        return Coded(np.array(there, np.int64), ["" if one is None else one for one in values])

    @staticmethod
    def same(word: str | None, size: int) -> "Coded":
        """One text on every row."""
        return Coded(np.full(size, -1 if word is None else 0, np.int64), [word or ""])

    @staticmethod
    def named(places: Array, words: Sequence[str]) -> "Coded":
        """Words by their places."""
        return Coded(places.astype(np.int64), words)


@frozen(slots=True, eq=False)
class Whole:
    """Whole numbers, or amounts in the smallest that the table writes; ``missing`` where there is none."""

    numbers: Array
    missing: Array

    @staticmethod
    def of(numbers: Any, missing: Any = False) -> "Whole":
        """Numbers, with a flag of each or of all."""
        rows = np.asarray(numbers)
        return Whole(rows, np.broadcast_to(np.asarray(missing, bool), rows.shape))

    @staticmethod
    def same(number: int | None, size: int) -> "Whole":
        """One number on every row."""
        return Whole.of(np.full(size, number or 0, np.int64), number is None)


Piece = Coded | Whole
_Added = tuple[Array, Array, Array, dict[str, Piece]]


@define(slots=True)
class Rows:
    """The rows of all tables while they are gathered, each with its cooperative's place in order."""

    pieces: dict[str, list[_Added]] = Factory(lambda: {name: [] for name in COLUMNS})

    def add(
        self, table: str, owners: Array, place: int, columns: dict[str, Piece], within: Any = None
    ) -> None:
        """Add rows: of which cooperatives, their clause's place in order, their places within it."""
        size = len(owners)
        inner = np.arange(size) if within is None else np.asarray(within)
        own = {
            name: columns.get(name) or (Coded if sort in (TEXT, DATE) else Whole).same(None, size)
            for name, sort in EVERY[table].items()
        }
        assert set(columns) <= set(own), (table, columns.keys() - own.keys())
        self.pieces[table].append((owners, np.full(size, place), inner, own))

    def too_wide(self) -> list[int]:
        """The cooperatives with an amount of more digits than every format holds, without their rows.

        Those of diagnostics stay. One amount then keeps no other cooperative from being written.
        """
        found = {
            int(owner)
            for table in self.pieces.values()
            for owners, _, _, columns in table
            for piece in columns.values()
            if isinstance(piece, Whole) and piece.numbers.dtype == object
            for owner in owners[[abs(int(one)) >= 10**MOST_DIGITS for one in piece.numbers]]
        }
        for table in self.pieces.keys() - {"diagnostics"} if found else ():
            self.pieces[table] = [_without(found, piece) for piece in self.pieces[table]]
        return sorted(found)

    def finish(self, names: Sequence[str], closings: Sequence[str]) -> dict[str, dict[str, Piece]]:
        """The tables in canonical order, with the columns that each begins with."""
        return {table: self._finish(table, names, closings) for table in self.pieces}

    def _finish(
        self, table: str, names: Sequence[str], closings: Sequence[str]
    ) -> dict[str, Piece]:
        pieces = self.pieces[table]
        empty = np.zeros(0, np.int64)
        owners = np.concatenate([empty, *(piece[0] for piece in pieces)])
        places = np.concatenate([empty, *(piece[1] for piece in pieces)])
        inner = np.concatenate([empty, *(piece[2] for piece in pieces)])
        order = np.lexsort((inner, places, owners))
        made: dict[str, Piece] = {
            "cooperative": Coded(owners[order], names),
            "closing": Coded(
                np.array([-1 if not day else at for at, day in enumerate(closings)], np.int64)[
                    owners[order]
                ],
                closings,
            ),
        }
        for name, sort in EVERY[table].items():
            own = [piece[3][name] for piece in pieces]
            made[name] = _texts(own, order) if sort in (TEXT, DATE) else _wholes(own, order)
        return made


def _without(owners: set[int], added: _Added) -> _Added:
    """Rows that were added, but for those of some cooperatives."""
    stays = ~np.isin(added[0], list(owners))
    columns = {
        name: Coded(piece.codes[stays], piece.words)
        if isinstance(piece, Coded)
        else Whole(piece.numbers[stays], piece.missing[stays])
        for name, piece in added[3].items()
    }
    return added[0][stays], added[1][stays], added[2][stays], columns


def _texts(pieces: Iterable[Piece], order: Array) -> Coded:
    codes, words = [np.zeros(0, np.int64)], list[str]()
    for piece in pieces:
        assert isinstance(piece, Coded)
        codes.append(np.where(piece.codes < 0, -1, piece.codes + len(words)))
        words += piece.words
    return Coded(np.concatenate(codes)[order], words)


def _wholes(pieces: Iterable[Piece], order: Array) -> Whole:
    numbers, missing = [np.zeros(0, np.int64)], [np.zeros(0, bool)]
    for piece in pieces:
        assert isinstance(piece, Whole)
        numbers.append(piece.numbers)
        missing.append(piece.missing)
    return Whole(np.concatenate(numbers)[order], np.concatenate(missing)[order])


def packed(tables: dict[str, dict[str, Piece]]) -> dict[str, Array]:
    """Tables as plain arrays, to be kept in a file."""
    arrays: dict[str, Array] = {}
    for table, columns in tables.items():
        for name, piece in columns.items():
            key = f"{table}/{name}"
            if isinstance(piece, Coded):
                arrays[f"{key}/codes"] = piece.codes
                arrays |= pack_words(f"{key}/words", piece.words)
            else:
                numbers = piece.numbers
                if numbers.dtype == object:
                    arrays |= pack_words(f"{key}/wide", [str(int(one)) for one in numbers])
                else:
                    arrays[f"{key}/numbers"] = numbers
                arrays[f"{key}/missing"] = piece.missing
    return arrays


def written(
    arrays: dict[str, Array], table: str, columns: dict[str, str], decimals: int
) -> dict[str, Decimals | Texts]:
    """One table of packed arrays, as formats write it."""
    made: dict[str, Decimals | Texts] = {}
    for name, sort in columns.items():
        key = f"{table}/{name}"
        if sort in (TEXT, DATE):
            words = np.array([*unpack_words(f"{key}/words", arrays), None], object)
            made[name] = Texts(words[arrays[f"{key}/codes"]])
            continue
        assert sort in (MONEY, WHOLE)
        numbers = arrays.get(f"{key}/numbers")
        if numbers is None:
            wide = unpack_words(f"{key}/wide", arrays)
            numbers = np.array([*map(int, wide), None], object)[:-1]
        made[name] = Decimals(numbers, decimals if sort == MONEY else 0, arrays[f"{key}/missing"])
    return made


def pack_words(key: str, words: Sequence[str]) -> dict[str, Array]:
    """Words as one text's bytes, with a zero between two; or, where a word has one, where each ends."""
    joined = "\0".join(words)
    if words and joined.count("\0") == len(words) - 1:
        return {f"{key}/joined": np.frombuffer(joined.encode(), np.uint8)}
    coded = [word.encode() for word in words]
    ends = np.cumsum([len(one) for one in coded], dtype=np.int64)
    return {f"{key}/bytes": np.frombuffer(b"".join(coded), np.uint8), f"{key}/ends": ends}


def unpack_words(key: str, arrays: dict[str, Array]) -> list[str]:
    """The words that were packed."""
    joined = arrays.get(f"{key}/joined")
    if joined is not None:
        return joined.tobytes().decode().split("\0")
    data, ends = arrays[f"{key}/bytes"].tobytes(), arrays[f"{key}/ends"].tolist()
    starts = [0, *ends[:-1]]
    return [data[start:end].decode() for start, end in zip(starts, ends, strict=False)]
