"""What a run is given: tables of many cooperatives, their columns told apart, and cut into buckets.

Two passes over each table, in blocks of rows: the first counts each cooperative's rows, the second
puts every row into the bucket of its cooperative. Memory is that of a few blocks, and of a number
for each cooperative.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from attrs import Factory, define, evolve, frozen

from coopfx.desk.speaking import words_for
from coopfx.engine.columns.primitives import runs
from coopfx.engine.columns.values import Array
from coopfx.federation import array_files
from coopfx.federation.statutes import Statutes
from coopfx.federation.table_columns import pack_words, unpack_words
from coopfx.formats import cells
from coopfx.formats.notation import Written
from coopfx.ground.exact import Kind, Type
from coopfx.ground.facts import Schema
from coopfx.ground.figure import figure_of, opening_of
from coopfx.ground.report import Report
from coopfx.ground.source import Span
from coopfx.ground.tables import Block, Decimals, Texts
from coopfx.ground.words import Words, nearest
from coopfx.plugged.hookspecs import TableFormat
from coopfx.plugged.world import World

COOPERATIVES = "cooperatives"
OWN = ("cooperative", "closing", "statute", "name")
"""The columns of the cooperatives' own table that are no figures."""


@frozen(slots=True)
class Found:
    """A table: the sort of record that it holds (empty: the cooperatives' own), its file and format."""

    record: str
    path: Path
    form: TableFormat


@frozen(slots=True)
class Header:
    """What a table's columns stand for: the key columns, and for each other one what it may be.

    ``written`` are those of numbers that the file has as texts: counting looks by which signs they part
    decimals, and puts them into ``signs``.
    """

    keys: dict[str, str]
    meanings: dict[str, tuple[str, str]]
    written: tuple[str, ...] = ()
    signs: set[str] = Factory(set)


def languages_of(statutes: Statutes, world: World) -> list[Words]:
    """The words that columns may be named in: those of the statutes first."""
    found: dict[str, Words] = {}
    for one in statutes.all():
        found.setdefault(one.file.language, one.words)
    for name in sorted(world.languages):
        own = [
            words_for(world, name, one.program.laws, policy)
            for key, policy in statutes.policies.items()
            for one in list(statutes.versions[key].values())[:1]
        ]
        found.setdefault(name, own[0] if own else world.words(name))
    return list(found.values())


def tables_in(folder: Path, world: World, records: tuple[str, ...], report: Report) -> list[Found]:
    """The tables of a folder, the cooperatives' own first; two of one sort are told (D728)."""
    stems = {COOPERATIVES: ""} | {Path(cells.file_of(one)).stem: one for one in records}
    return tables_called(stems, folder, world, report)


def tables_called(
    stems: Mapping[str, str], folder: Path, world: World, report: Report
) -> list[Found]:
    """The tables of a folder by the stems of their names, each with its record; two of one: told (D728)."""
    found: dict[str, Found] = {}
    for path in sorted(folder.iterdir()):
        for form in world.tables.values():
            stem = path.name.removesuffix(form.suffix)
            if path.name == stem or stem not in stems or not path.is_file():
                continue
            record = stems[stem]
            if record in found:
                place = Span(str(path), 1, 1, 1, 1)
                report.tell("D728", place, first=found[record].path.name)
                continue
            found[record] = Found(record, path, form)
    return [found[record] for record in stems.values() if record in found]


def has_tables(folder: Path, world: World) -> bool:
    """Whether a folder holds tables of many cooperatives."""
    return any((folder / f"{COOPERATIVES}{one.suffix}").is_file() for one in world.tables.values())


def header_of(
    table: Found,
    first: Block,
    schemas: list[Schema],
    constants: dict[str, Type],
    words: list[Words],
    report: Report,
    wanted: tuple[str, ...] = (),
    needed: tuple[str, ...] = (),
) -> Header:
    """What the columns of a table stand for; told where one is unknown (D701) or is twice (D715).

    ``wanted`` are its columns that are no figures, ``needed`` those of them that it must have: those of
    the cooperatives' own table, or of records, unless others are given.
    """
    names = list(first.columns)
    place = Span(str(table.path), 1, 1, 1, 1)
    record = table.record or None
    fields = {name: one for schema in schemas for name, one in schema.of(record).items()}
    decisions = {one.name: one for schema in schemas for one in schema.decisions}
    accounts = dict.fromkeys(name for schema in schemas for name in schema.accounts)
    wanted = wanted or (OWN if record is None else ("cooperative", "id"))
    keys: dict[str, str] = {}
    meanings: dict[str, tuple[str, str]] = {}
    given: dict[tuple[str, str], str] = {}
    for name in names:
        key = _key(name, wanted, words)
        if key is not None:
            keys.setdefault(key, name)
            continue
        meaning = None
        sorts: list[tuple[str, dict[str, Any]]] = [("fact", fields)]
        if record is None:
            sorts += [("decision", decisions), ("constant", dict(constants))]
            sorts += [("balance", accounts)]
        for sort, known in sorts:
            canonical = cells.canonical(name, known, words)
            if canonical is None and sort == "balance":
                opened = cells.canonical(name, dict.fromkeys(map(opening_of, known)), words)
                canonical = None if opened is None else figure_of(opened).name
            if canonical is not None:
                meaning = (sort, canonical)
                break
        if meaning is None:
            every = [*wanted, *fields, *decisions, *constants, *accounts]
            near = cells.nearest_form(name, every, words)
            report.tell("D701", place, name=name[:60], nearest=near)
        elif meaning in given:
            report.tell("D715", place, name=name[:60])
        else:
            given[meaning] = name
            meanings[name] = meaning
    needed = needed or (("cooperative", "closing") if record is None else ("cooperative", "id"))
    for key in needed:
        if key not in keys:
            report.tell("D800", place, name=key, known=tuple(names[:12]))
    types = {("fact", name): one.type for name, one in fields.items()}
    types |= {("decision", name): one.type for name, one in decisions.items()}
    types |= {("constant", name): one for name, one in constants.items()}
    written = [
        name
        for name, (sort, canonical) in meanings.items()
        if isinstance(first.columns[name], Texts)
        and (sort == "balance" or types[sort, canonical].kind is Kind.QUANTITY)
    ]
    # Exact numbers that are read as texts, row by row, have a point.
    exact = any(isinstance(column, Decimals) for column in first.columns.values())
    return Header(keys, meanings, tuple(written), {"."} if exact else set())


def _key(name: str, wanted: tuple[str, ...], words: list[Words]) -> str | None:
    """The key column that a name stands for, in any language."""
    plain = " ".join(name.casefold().split())
    for key in wanted:
        forms = {key}
        for language in words:
            forms |= set(language.phrases.get(f"federation.column.{key}", "").split())
        if plain in forms:
            return key
    return None


# ---- first pass


@define(slots=True)
class Counting:
    """How many rows each cooperative has in all, told where a table is not as it should be."""

    report: Report
    rows: dict[str, int] = Factory(dict)

    def count(self, table: Found, header: Header, block: int) -> None:
        """Count the rows of a table."""
        (self._add if table.record else self._own)(table, header, block)

    def _own(self, table: Found, header: Header, block: int) -> None:
        """The cooperatives' own table, a row each."""
        for lines, keys in _keys_of(table, header, block, self.report):
            for at, key in enumerate(keys):
                if not key:
                    self.report.tell("D801", _row(table, lines[at]))
                elif key in self.rows:
                    self.report.tell("D803", _row(table, lines[at]), name=key[:60])
                else:
                    self.rows[key] = 1

    def _add(self, table: Found, header: Header, block: int) -> None:
        """A table of records, clustered by cooperative (D804), each of them known (D805)."""
        done: set[str] = set()
        last: str | None = None
        for lines, keys in _keys_of(table, header, block, self.report):
            for low, high in _runs(keys):
                key = keys[low]
                if key != last:
                    place = _row(table, lines[low])
                    if key in done:
                        self.report.tell("D804", place, name=key[:60])
                    elif not key:
                        self.report.tell("D801", place)
                    elif key not in self.rows:
                        near = nearest(key, self.rows)
                        self.report.tell("D805", place, name=key[:60], nearest=near)
                    done.add(key)
                    last = key
                if key in self.rows:
                    self.rows[key] += high - low
                if self.report.errors() > cells.MOST_MISTAKES:
                    place = _row(table, lines[low])
                    self.report.tell("D721", place, most=cells.MOST_MISTAKES)
                    return


def _row(table: Found, line: int) -> Span:
    return Span.on_line(str(table.path), int(line))


def _keys_of(
    table: Found, header: Header, block: int, report: Report
) -> Iterator[tuple[Array, list[str]]]:
    """The lines of the rows of each block, and the cooperative of each."""
    line, column = 2, header.keys["cooperative"]
    for part in table.form.read(table.path, (column, *header.written), block, report):
        for name in header.written:
            header.signs.update(Written(_texts(part.columns[name])).signs)
        yield _lines_of(part, line), _names_of(part, column)
        line += part.rows


def _lines_of(block: Block, line: int) -> Array:
    """The line of each row; of a file that is no text, in which row it stands."""
    if block.lines is None:
        return np.arange(line, line + block.rows)
    return np.array(block.lines, np.int64)


def _names_of(block: Block, column: str) -> list[str]:
    """The cooperative of each row, empty where there is none."""
    return list(map(str.strip, _texts(block.columns[column])))


def _runs(keys: list[str]) -> list[tuple[int, int]]:
    """From where to where rows of the same cooperative stand one below the other."""
    starts, counts = runs(np.array([*keys, None], object)[:-1])
    pairs = zip(starts.tolist(), counts.tolist(), strict=True)
    return [(start, start + count) for start, count in pairs if count]


def _numbered(parts: Iterable[Block]) -> Iterator[tuple[int, Block]]:
    """Blocks, each with how many rows stand before it."""
    before = 0
    for part in parts:
        yield before, part
        before += part.rows


def of_one(
    form: TableFormat,
    path: Path,
    wanted: Sequence[str] | None,
    sought: tuple[str, str],
    block: int,
    report: Report,
) -> Iterator[tuple[int, Block]]:
    """The blocks that hold rows of one cooperative, which stand together, and no more of the file.

    ``sought`` is the column that says whose each row is, and the cooperative. Each block comes with how
    many rows of the file stand before it.
    """
    column, name = sought
    if form.find is not None:
        parts = form.find(path, wanted, sought, block, report)
    else:
        parts = _numbered(form.read(path, wanted, block, report))
    found = False
    for before, part in parts:
        names = _names_of(part, column)
        if name in names:
            found = True
            yield before, part
        if found and names[-1] != name:
            return


def texts_of(block: Block, name: str) -> list[str | None]:
    """A column of a block as texts."""
    return as_texts(block.columns[name])


def as_texts(column: Any) -> list[str | None]:
    """A column as texts: numbers in full, exactly; nothing where a cell is empty."""
    if isinstance(column, Decimals):
        absent = [False] * len(column.numerators) if column.missing is None else column.missing
        return [
            None if gone else decimal(int(one), column.scale)
            for one, gone in zip(column.numerators, absent, strict=True)
        ]
    return [one or None for one in column.values]


def _texts(column: Any) -> list[str]:
    """A column as texts, empty where there is none."""
    if isinstance(column, Decimals):
        return [one or "" for one in as_texts(column)]
    values = list(column.values)
    return [one or "" for one in values] if None in values else values


def decimal(number: int, scale: int) -> str:
    """A whole number over ten to the scale, as a text with a point."""
    digits = str(abs(number)).rjust(scale + 1, "0")
    sign = "-" if number < 0 else ""
    return sign + (f"{digits[:-scale]}.{digits[-scale:]}" if scale else digits)


# ---- second pass


def cut(rows: dict[str, int], block: int) -> list[list[str]]:
    """The cooperatives of each bucket, in their canonical order: about so many rows in each."""
    buckets: list[list[str]] = []
    filled = block
    for name in sorted(rows):
        if filled >= block:
            buckets.append([])
            filled = 0
        buckets[-1].append(name)
        filled += rows[name]
    return buckets


@define(slots=True)
class Spreading:
    """Rows on their way into the buckets; what waits in memory is at most a few blocks."""

    folders: list[Path]
    bucket_of: dict[str, int]
    most: int
    _waiting: dict[int, list[tuple[Array, Block]]] = Factory(dict)
    _rows: int = 0
    _files: int = 0
    digests: dict[str, str] = Factory(dict)
    """The hash of every file that was written, by its bucket's folder and its name."""

    def spread(
        self, table: Found, header: Header, block: int, report: Report, only: str = ""
    ) -> None:
        """Put every row of a table, or of one cooperative, into the bucket of its cooperative."""
        key = header.keys["cooperative"]
        wanted = list(dict.fromkeys([*header.keys.values(), *header.meanings]))
        if only:
            parts = of_one(table.form, table.path, wanted, (key, only), block, report)
        else:
            parts = _numbered(table.form.read(table.path, wanted, block, report))
        for before, part in parts:
            lines, names = _lines_of(part, 2 + before), _names_of(part, key)
            low, unnumbered = 0, evolve(part, lines=None)
            runs = [(self.bucket_of.get(names[start], -1), stop) for start, stop in _runs(names)]
            for at, (bucket, high) in enumerate(runs):
                if at + 1 < len(runs) and runs[at + 1][0] == bucket:
                    continue
                if bucket >= 0:
                    own = unnumbered.part(low, high)
                    self._waiting.setdefault(bucket, []).append((lines[low:high], own))
                low = high
            self._rows += part.rows
            if self._rows >= self.most:
                self._spill(table.record or COOPERATIVES)
        self._spill(table.record or COOPERATIVES)

    def _spill(self, name: str) -> None:
        for bucket, parts in self._waiting.items():
            self._files += 1
            names = list(parts[0][1].columns)
            arrays = {"lines": np.concatenate([lines for lines, _ in parts])}
            arrays |= pack_words("columns", names)
            for place, column in enumerate(names):
                arrays |= _pack(str(place), [block.columns[column] for _, block in parts])
            path = self.folders[bucket] / f"{name}-{self._files:06}.npz"
            self.digests[f"{path.parent.name}/{path.name}"] = array_files.save(path, arrays)
        self._waiting.clear()
        self._rows = 0


def _pack(key: str, parts: list[Any]) -> dict[str, Array]:
    """The parts of a column, one below the other: numbers as such where all are of one scale."""
    scales = {one.scale if isinstance(one, Decimals) else None for one in parts}
    if len(scales) > 1 or None in scales:
        texts = list(chain.from_iterable(map(_texts, parts)))
        return pack_words(f"{key}/texts", _stripped(texts))
    absent = [
        np.zeros(len(one.numerators), bool)
        if one.missing is None
        else np.asarray(one.missing, bool)
        for one in parts
    ]
    missing = np.concatenate(absent)
    head = {f"{key}/scale": np.array(scales.pop()), f"{key}/missing": missing}
    whole = [np.asarray(one.numerators) for one in parts]
    if all(one.dtype == np.int64 for one in whole):
        return head | {f"{key}/numbers": np.concatenate(whole)}
    every = chain.from_iterable(one.tolist() for one in whole)
    wide = ["0" if gone else str(int(one)) for one, gone in zip(every, missing, strict=True)]
    return head | pack_words(f"{key}/wide", wide)


def _stripped(texts: list[str]) -> list[str]:
    return list(map(str.strip, texts)) if " " in "".join(texts) else texts


@frozen(slots=True)
class Kept:
    """A table's rows of one bucket: each column's texts, or its numerators with scale and absence."""

    columns: dict[str, Any]
    lines: Array

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.lines)

    def texts(self, name: str) -> list[str]:
        """A column as texts, empty where a cell is."""
        return _as_texts(self.columns[name])


def kept(folder: Path, name: str) -> Kept | None:
    """The rows of a table in a bucket's folder; None where it has none."""
    parts: dict[str, list[Any]] = {}
    lines: list[Array] = []
    for path in sorted(folder.glob(f"{name}-??????.npz")):
        arrays = array_files.load(path)
        lines.append(arrays["lines"])
        for place, column in enumerate(unpack_words("columns", arrays)):
            parts.setdefault(column, []).append(_unpack(str(place), arrays))
    if not lines:
        return None
    return Kept({column: _joined(own) for column, own in parts.items()}, np.concatenate(lines))


def _unpack(key: str, arrays: dict[str, Array]) -> Any:
    if f"{key}/scale" in arrays:
        numbers = arrays.get(f"{key}/numbers")
        if numbers is None:
            numbers = np.array([*map(int, unpack_words(f"{key}/wide", arrays)), None], object)[:-1]
        return numbers, int(arrays[f"{key}/scale"]), arrays[f"{key}/missing"]
    return unpack_words(f"{key}/texts", arrays)


def _joined(parts: list[Any]) -> Any:
    """The parts of a column, one after the other; as texts where not all are numbers of one scale."""
    if all(isinstance(one, tuple) and one[1] == parts[0][1] for one in parts):
        return (
            np.concatenate([one[0] for one in parts]),
            parts[0][1],
            np.concatenate([one[2] for one in parts]),
        )
    joined: list[str] = []
    for one in parts:
        joined += _as_texts(one)
    return joined


def _as_texts(column: Any) -> list[str]:
    if isinstance(column, tuple):
        return _texts(Decimals(*column))
    found: list[str] = column
    return found
