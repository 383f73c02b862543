"""Tables as Parquet: exact numbers in and out, in blocks of rows."""

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Context, Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from coopfx.ground.report import Report
from coopfx.ground.source import Span
from coopfx.ground.tables import (
    DATE,
    MONEY,
    TEXT,
    WHOLE,
    Block,
    Column,
    Decimals,
    Layout,
    Texts,
)

_WIDE = Context(prec=60)
_SORTS = {TEXT: pa.string(), DATE: pa.date32(), WHOLE: pa.int64()}


def read(path: Path, wanted: Sequence[str] | None, rows: int, report: Report) -> Iterator[Block]:
    """The blocks of a file; told where it is no Parquet (E02) or has a column of floats (E01)."""
    for _, block in _blocks(path, wanted, None, rows, report):
        yield block


def find(
    path: Path, wanted: Sequence[str] | None, sought: tuple[str, str], rows: int, report: Report
) -> Iterator[tuple[int, Block]]:
    """The blocks of those row groups that may hold a text, each with how many rows stand before it."""
    return _blocks(path, wanted, sought, rows, report)


def _blocks(
    path: Path,
    wanted: Sequence[str] | None,
    sought: tuple[str, str] | None,
    rows: int,
    report: Report,
) -> Iterator[tuple[int, Block]]:
    place = Span(str(path), 1, 1, 1, 1)
    try:
        with pq.ParquetFile(path, memory_map=False) as file:
            schema = file.schema_arrow
            names = [one for one in schema.names if wanted is None or one in wanted]
            amiss = [one for one in names if not _readable(schema.field(one).type)]
            for name in amiss:
                report.tell(
                    "parquet.E01", place, name=name[:60], found=str(schema.field(name).type)[:60]
                )
            if amiss:
                return
            sent = False
            for before, groups in _groups(file, sought):
                for batch in file.iter_batches(rows, row_groups=groups, columns=names):
                    sent = True
                    columns = {name: _column(batch.column(name)) for name in names}
                    yield before, Block(columns, batch.num_rows)
                    before += batch.num_rows
            if not sent:
                yield 0, Block({name: Texts([]) for name in names}, 0)
    except (pa.ArrowException, OSError) as error:
        report.tell("parquet.E02", place, reason=str(error).splitlines()[0][:120])


def _groups(
    file: pq.ParquetFile, sought: tuple[str, str] | None
) -> Iterator[tuple[int, list[int]]]:
    """The row groups to read, and the rows before them: all, or each that may hold a text by itself."""
    groups = file.metadata.num_row_groups
    if sought is None:
        yield 0, list(range(groups))
        return
    before = 0
    for number in range(groups):
        group = file.metadata.row_group(number)
        if _may_hold(group, *sought):
            yield before, [number]
        before += group.num_rows


def _may_hold(group: pq.RowGroupMetaData, name: str, text: str) -> bool:
    """Whether a row group may hold a text in a column, by the least and the greatest that it holds.

    A text may be written with spaces around it: those after it are left out of account here, and where
    one stands before the least, nothing is known.
    """
    for number in range(group.num_columns):
        column = group.column(number)
        if column.path_in_schema == name:
            kept = column.statistics
            if kept is None or not kept.has_min_max or not isinstance(kept.min, str):
                return True
            return kept.min[:1].isspace() or kept.min.strip() <= text <= kept.max
    return True


def _readable(sort: pa.DataType) -> bool:
    if pa.types.is_dictionary(sort):
        return _readable(sort.value_type)
    return bool(
        pa.types.is_integer(sort)
        or (pa.types.is_decimal128(sort) and sort.scale >= 0)
        or pa.types.is_boolean(sort)
        or pa.types.is_date(sort)
        or pa.types.is_string(sort)
        or pa.types.is_large_string(sort)
        or pa.types.is_null(sort)
    )


def _column(array: pa.Array) -> Column:
    sort = array.type
    if pa.types.is_dictionary(sort):
        array = array.dictionary_decode()
        sort = array.type
    missing = np.asarray(array.is_null().to_numpy(zero_copy_only=False), bool)
    if pa.types.is_integer(sort) and not pa.types.is_uint64(sort):
        return Decimals(array.fill_null(0).cast(pa.int64()).to_numpy(), 0, missing)
    if pa.types.is_decimal128(sort):
        return Decimals(_numerators(array, missing), sort.scale, missing)
    if pa.types.is_boolean(sort):
        words = {True: "true", False: "false", None: None}
        return Texts([words[one] for one in array.to_pylist()])
    if pa.types.is_date(sort):
        return Texts([None if one is None else one.isoformat() for one in array.to_pylist()])
    if pa.types.is_uint64(sort):
        return Texts([None if one is None else str(one) for one in array.to_pylist()])
    return Texts(array.to_pylist())


def _numerators(array: pa.Array, missing: np.ndarray) -> Sequence[int]:
    """The numerators of decimals: two halves of 64 bits each, of which the upper is mostly a sign."""
    buffer = array.buffers()[1]
    halves = np.frombuffer(buffer, np.int64)[2 * array.offset : 2 * (array.offset + len(array))]
    low, high = halves[0::2], halves[1::2]
    if bool(((high == low >> 63) | missing).all()):
        found: Sequence[int] = np.where(missing, 0, low)  # type: ignore[assignment]
        return found
    scale = array.type.scale
    return [0 if one is None else int(one.scaleb(scale, _WIDE)) for one in array.to_pylist()]


def write(path: Path, layout: Layout, blocks: Iterable[Block]) -> None:
    """Write a table: amounts as decimals of 38 digits, a row group for each block."""
    money = pa.decimal128(38, layout.decimals)
    schema = pa.schema(
        [(name, money if sort == MONEY else _SORTS[sort]) for name, sort in layout.columns.items()]
    )
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".half-")
    os.close(handle)
    with pq.ParquetWriter(name, schema, compression="zstd") as writer:
        for block in blocks:
            arrays = [
                _array(block.columns[one], sort, money) for one, sort in layout.columns.items()
            ]
            batch = pa.Table.from_arrays(arrays, schema=schema)
            writer.write_table(batch, row_group_size=max(block.rows, 1))
    made = Path(name)
    made.chmod(0o644)
    made.replace(path)


def _array(column: Column, sort: str, money: pa.DataType) -> pa.Array:
    if isinstance(column, Texts):
        texts = pa.array(column.values, pa.string())
        return texts.cast(pa.date32()) if sort == DATE else texts
    missing = None if column.missing is None else np.asarray(column.missing, bool)
    numbers = np.asarray(column.numerators)
    if sort == WHOLE:
        return pa.array(numbers, pa.int64(), mask=missing)
    if numbers.dtype == np.int64:
        halves = np.empty(2 * len(numbers), np.int64)
        halves[0::2], halves[1::2] = numbers, numbers >> 63
        whole = pa.Array.from_buffers(money, len(numbers), [None, pa.py_buffer(halves)])
        if missing is None or not missing.any():
            return whole
        return pa.compute.if_else(pa.array(missing), pa.scalar(None, money), whole)
    absent = [False] * len(numbers) if missing is None else missing
    return pa.array(
        [
            None if gone else Decimal(int(one)).scaleb(-money.scale, _WIDE)
            for one, gone in zip(numbers, absent, strict=True)
        ],
        money,
    )
