"""Links against truth: precision, recall by kind of damage, false links by method."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.linkage_city_rows import ID_KINDS, NAME_KINDS


def score(folder: Path, way: str) -> list[str]:
    """Lines to print; a way with probabilities is scored at .5 and at its best threshold."""
    links = pq.read_table(folder / f"links_{way}.parquet")
    if "probability" not in links.column_names:
        return _lines(folder, links.filter(pc.equal(links["outcome"], "match")), links)
    lines: list[str] = []
    for title, least in (("p >= .5", 0.5), ("best", _best(folder, links))):
        kept = links.filter(pc.greater_equal(links["probability"], least))
        lines += [f"{title} ({least:.6f})", *_lines(folder, kept, None)]
    return lines


def _truth(folder: Path, links) -> np.ndarray:
    rows = np.asarray(pq.read_table(folder / "truth_registry.parquet", columns=["person"])["person"])
    members = np.asarray(pq.read_table(folder / "truth_members.parquet", columns=["person"])["person"])
    return rows[np.asarray(links["row"])] == members[np.asarray(links["member"])]


def _best(folder: Path, links) -> float:
    true = _truth(folder, links)
    probability = np.asarray(links["probability"])
    order = np.argsort(-probability, kind="stable")
    whole = int(pc.sum(pq.read_table(folder / "truth_registry.parquet")["is_member"]).as_py())
    found = np.cumsum(true[order])
    f1 = 2 * found / (np.arange(1, len(order) + 1) + whole)
    last = np.append(probability[order][1:] != probability[order][:-1], True)
    return float(probability[order][np.argmax(np.where(last, f1, 0))])


def _lines(folder: Path, matches, links) -> list[str]:
    truth = pq.read_table(folder / "truth_registry.parquet")
    listed = pq.read_table(folder / "truth_members.parquet")
    true = _truth(folder, matches)
    is_member = np.asarray(truth["is_member"])
    rows = np.asarray(matches["row"])
    hit = np.zeros(len(is_member), dtype=np.bool_)
    hit[rows[true]] = True
    false, found, whole = int((~true).sum()), int(hit.sum()), int(is_member.sum())
    precision, recall = found / max(found + false, 1), found / whole
    f1 = 2 * found / (len(rows) + whole)
    lines = [
        f"F1 {f1:.6f}  precision {precision:.6f}  recall {recall:.6f}  false links {false} of {len(rows)}"
    ]
    kinds, names = np.asarray(truth["id_kind"]), np.asarray(truth["name_kind"])
    own = np.full(int(np.asarray(truth["person"]).max()) + 1, -1)
    own[np.asarray(listed["person"])] = np.asarray(listed["id_kind"])
    listed_kind = own[np.asarray(truth["person"])]
    moved = np.asarray(truth["moved"])
    groups = {f"id {name}": (kinds == at) & (listed_kind == 0) for at, name in enumerate(ID_KINDS)}
    groups |= {f"list id {name}": (listed_kind == at) for at, name in enumerate(ID_KINDS) if at in (1, 2, 3)}
    groups |= {"id missing, moved": (kinds == 1) & moved, "id missing, stayed": (kinds == 1) & ~moved}
    groups |= {f"name {name}": names == at for at, name in enumerate(NAME_KINDS) if at}
    for name, group in groups.items():
        chosen = group & is_member
        if chosen.any():
            lines.append(f"recall {name:20} {hit[chosen].mean():.5f} of {int(chosen.sum())}")
    if links is not None:
        lines.append(f"outcomes {_counted(links, 'outcome')}; matches {_counted(matches, 'method')}")
        for method in sorted(set(matches["method"].to_pylist())):
            chosen = np.asarray(pc.equal(matches["method"], method))
            lines.append(f"{method}: false {int((~true[chosen]).sum())} of {int(chosen.sum())}")
    return lines


def _counted(links, column: str) -> dict[str, int]:
    return {line["values"]: line["counts"] for line in links[column].value_counts().to_pylist()}
