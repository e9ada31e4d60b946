"""The reviewers' file: a CSV of the drawn households to fill in, and the same read back and held against the draw."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping
from pathlib import Path

from pipelines.base.errors import NotFound, ReviewInvalid
from pipelines.run.accuracy_sample import Listed, Sample, draw_households
from pipelines.run.month import resume

RIGHT, WRONGLY_IN, WRONGLY_OUT, UNSURE = "right", "错保", "漏保", "unsure"
VERDICTS = (RIGHT, WRONGLY_IN, WRONGLY_OUT, UNSURE)
_ALSO = {"正确": RIGHT, "对": RIGHT, "不确定": UNSURE, "不清": UNSURE}
_DRAWN_BY = ("run_id", "seed", "n")
_SHOWN = ("household_no", "programme", "town", "village", "outcome", "codes")
HEADER = (*_DRAWN_BY, "household_id", *_SHOWN, "verdict", "reviewer", "note")
_NEEDED = (*_DRAWN_BY, "household_id", "verdict")


def free_name(out: Path) -> None:
    """ReviewInvalid when the file exists: someone may be filling it in."""
    if out.exists():
        raise ReviewInvalid(
            "the file exists and may hold verdicts already", place=str(out), remedy="give --out another name"
        )


def write_sample(sample: Sample, out: Path) -> None:
    """One row a household with an empty verdict; never over an existing file."""
    free_name(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = out.with_name(f".{out.name}.{os.getpid()}")
    with unfinished.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for one in sample.drawn:
            writer.writerow(
                (sample.run_id, sample.seed, sample.asked, one.household_id, *_cells(one), "", "", "")
            )
    unfinished.replace(out)


def _cells(one: Listed) -> tuple[str, ...]:
    return (one.household_no, one.programme, one.town, one.village, one.outcome, " ".join(one.codes))


def read_verdicts(path: Path, where: Mapping[str, object] | None = None) -> tuple[Sample, dict[str, str]]:
    """The sample the file says it is, drawn again, and its verdicts by household. ReviewInvalid names the line."""
    rows = _rows(path)
    run_id, seed, count = (_only(path, rows, name) for name in _DRAWN_BY)
    if not (count.isascii() and count.isdigit()):
        raise _wrong(path, 2, f"[{count}] is not a number of households")
    try:
        run = resume(run_id, where)
    except NotFound as error:
        raise _wrong(
            path, 2, f"run [{run_id}] is not in this store", "check --home and --jurisdiction"
        ) from error
    sample = draw_households(run, count=int(count), seed=seed)
    return sample, _held_against(path, rows, sample)


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Physical line and cells of each row that is not blank."""
    reader = csv.reader(io.StringIO(_text(path), newline=""))
    found: list[tuple[int, list[str]]] = []
    try:
        found = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise _wrong(path, reader.line_num, f"not a CSV line: {error}") from error
    if not found:
        raise _wrong(path, 1, "the file is empty", "give the file that `hedui accuracy sample` wrote")
    header = [cell.strip() for cell in found[0][1]]
    for name in _NEEDED:
        if header.count(name) != 1:
            raise _wrong(
                path, found[0][0], f"the header has {header.count(name)} columns called [{name}], not one"
            )
    if len(found) == 1:
        raise _wrong(path, found[0][0], "there is no row below the header")
    for line, cells in found[1:]:
        if len(cells) != len(header):
            raise _wrong(path, line, f"{len(cells)} cells where the header has {len(header)}")
    return [(line, dict(zip(header, map(str.strip, cells), strict=True))) for line, cells in found[1:]]


def _text(path: Path) -> str:
    """Spreadsheets save as UTF-8 or, in China, as GB 18030."""
    if not path.is_file():
        raise ReviewInvalid("there is no such file", place=str(path), remedy="check the path of --file")
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ReviewInvalid(
        "the file is neither UTF-8 nor GB 18030", place=str(path), remedy="save it as CSV UTF-8 and try again"
    )


def _only(path: Path, rows: list[tuple[int, dict[str, str]]], name: str) -> str:
    """The one value the column has on every row."""
    first = rows[0][1][name]
    for line, row in rows:
        if row[name] != first:
            raise _wrong(
                path, line, f"{name} [{row[name]}] is not the [{first}] of the first row", "one sample a file"
            )
    return first


def _held_against(path: Path, rows: list[tuple[int, dict[str, str]]], sample: Sample) -> dict[str, str]:
    due = {one.household_id for one in sample.drawn}
    verdicts: dict[str, str] = {}
    for line, row in rows:
        household = row["household_id"]
        if household in verdicts:
            raise _wrong(
                path, line, f"household [{household}] stands there twice", "keep one of the two rows"
            )
        if household not in due:
            raise _wrong(
                path, line, f"household [{household}] was not drawn", "remove the row: only the draw counts"
            )
        verdicts[household] = _verdict(path, line, row["verdict"])
    missing = sorted(due - verdicts.keys())
    if missing:
        raise _wrong(
            path,
            rows[-1][0],
            f"{len(missing)} drawn households are not in the file, e.g. [{missing[0]}]",
            "put the rows back; write unsure where nobody could tell",
        )
    return verdicts


def _verdict(path: Path, line: int, said: str) -> str:
    verdict = _ALSO.get(said, said)
    if verdict not in VERDICTS:
        told = f"the verdict [{said}] is unknown" if said else "the verdict is empty"
        raise _wrong(path, line, told, f"write one of: {', '.join(VERDICTS)}")
    return verdict


def _wrong(
    path: Path, line: int, what: str, remedy: str = "give the file that `hedui accuracy sample` wrote"
) -> ReviewInvalid:
    return ReviewInvalid(what, place=f"{path} line {line}", remedy=remedy)
