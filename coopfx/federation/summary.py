"""What a federation's run comes to: ``summary.json``, counted while the tables are written."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from coopfx.federation.compared import Sector
from coopfx.federation.layouts import STATUSES
from coopfx.ground.tables import Block, Decimals, Texts
from coopfx.ground.version import __version__

SCHEMA = "coopfx.federation/2"


class Summary:
    """What a run comes to, counted while its tables are written."""

    def __init__(self, key: str, said: dict[str, Any]) -> None:
        self.key, self.said = key, said
        self.rows: dict[str, int] = {}
        self.runs = {"evaluated": 0, "refused": 0}
        self.broken = 0
        self.rules: dict[str, dict[str, int]] = {}
        self.sector: Sector | None = None

    def watching(self, table: str, blocks: Iterator[Block]) -> Iterator[Block]:
        """The same blocks, counted on their way."""
        self.rows[table] = 0
        for block in blocks:
            self.rows[table] += block.rows
            if table == "runs":
                for status in _values(block, "status"):
                    self.runs[status or ""] += 1
                broken = block.columns["broken"]
                assert isinstance(broken, Decimals)
                self.broken += int(np.count_nonzero(np.asarray(broken.numerators)))
            if table == "scenarios" and self.sector is not None:
                self.sector.count(block)
            if table == "verdicts":
                pairs = zip(_values(block, "rule"), _values(block, "status"), strict=True)
                for rule, status in pairs:
                    counts = self.rules.setdefault(rule or "", dict.fromkeys(STATUSES, 0))
                    counts[(status or "").replace(" ", "_")] += 1
            yield block

    def told(self, form: str, files: dict[str, str]) -> dict[str, Any]:
        """The summary, as docs/schema/federation.schema.json has it."""
        return {
            "schema": SCHEMA,
            "coopfx": __version__,
            "inputs_sha256": self.key,
            "format": form,
            "cooperatives": {**self.runs, "breaking_a_rule": self.broken},
            "rows": self.rows,
            "verdicts": dict(sorted(self.rules.items())),
            **({} if self.sector is None else {"scenarios": self.sector.told()}),
            **self.said,
            "files": files,
        }


def _values(block: Block, name: str) -> list[str | None]:
    column = block.columns[name]
    assert isinstance(column, Texts)
    return list(column.values)
