"""The list of flags by reason and township, in pages of bounded length, and one list a township."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from pipelines.s7_report.writing import Site
from pipelines.wording.cases import Row
from pipelines.wording.labels import REASONS, STATES, strict
from pipelines.wording.masking import mask_name
from pipelines.wording.texts import Texts

PAGE_ROWS = 500


@dataclass(frozen=True, kw_only=True)
class ListRow:
    code: str
    town: str
    href: str
    household_no: str
    head: str
    village: str
    person: str
    value: str
    limit: str
    state: str
    state_code: str


@dataclass(frozen=True, kw_only=True)
class TownBlock:
    title: str
    anchor: str
    rows: list[ListRow]


@dataclass(frozen=True, kw_only=True)
class ReasonBlock:
    code: str
    title: str
    count: int
    continued: bool
    towns: list[TownBlock]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of the contents: where a reason, or a township in it, starts."""

    title: str
    href: str
    count: int
    towns: list[Entry]


@dataclass(frozen=True, kw_only=True)
class Names:
    """Names of heads and members by id, as the tables have them."""

    heads: Mapping[str, str | None]
    members: Mapping[str, str | None]


def list_rows(flags: Sequence[Row], names: Names, t: Texts) -> list[ListRow]:
    return [
        ListRow(
            code=flag["code"],
            town=flag["town"],
            href=f"households/{flag['household_id']}.html",
            household_no=flag["household_no"],
            head=mask_name(names.heads.get(flag["household_id"])) or "—",
            village=flag["village"],
            person=mask_name(names.members.get(flag["subject"])),
            value=t.measure(flag["value"], flag["unit"]),
            limit=t.measure(flag["limit"], flag["unit"]),
            state=strict(STATES, flag["state"], t),
            state_code=flag["state"],
        )
        for flag in flags
    ]


def closed_rows(flags: Sequence[Row], t: Texts) -> list[dict[str, str]]:
    shown = ("household_no", "town", "village", "first_month")
    return [
        {"title": strict(REASONS, flag["code"], t)} | {name: flag[name] for name in shown} for flag in flags
    ]


def page_names(stem: str, rows: int) -> list[str]:
    """flags.html, flags-2.html, …"""
    pages = max(1, -(-rows // PAGE_ROWS))
    return [f"{stem}.html"] + [f"{stem}-{number}.html" for number in range(2, pages + 1)]


def anchor_of(towns: Sequence[str], row: ListRow) -> str:
    return f"{row.code}-{towns.index(row.town) + 1}"


def contents(stem: str, rows: list[ListRow], towns: Sequence[str], t: Texts) -> list[Entry]:
    """Reasons in order, each with the townships it occurs in, pointing at the page where they start."""
    names = page_names(stem, len(rows))
    starts: dict[tuple[str, str], int] = {}
    counts: dict[tuple[str, str], int] = {}
    for place, row in enumerate(rows):
        for key in ((row.code, ""), (row.code, row.town)):
            starts.setdefault(key, place)
            counts[key] = counts.get(key, 0) + 1

    def href(key: tuple[str, str], anchor: str) -> str:
        return f"{names[starts[key] // PAGE_ROWS]}#{anchor}"

    return [
        Entry(
            title=strict(REASONS, code, t),
            href=href((code, ""), code),
            count=counts[(code, "")],
            towns=[
                Entry(
                    title=town,
                    href=href(key, anchor_of(towns, rows[starts[key]])),
                    count=counts[key],
                    towns=[],
                )
                for key in starts
                if key[0] == code and (town := key[1])
            ],
        )
        for code, town_of_code in starts
        if not town_of_code
    ]


def list_pages(
    site: Site,
    *,
    stem: str,
    title: str,
    rows: list[ListRow],
    towns: Sequence[str],
    closed: list[dict[str, str]],
) -> Iterator[tuple[str, bytes]]:
    """The pages of one list. Queries no longer present stand on the first."""
    names = page_names(stem, len(rows))
    entries = contents(stem, rows, towns, site.t)
    totals = {entry.href.partition("#")[2]: entry.count for entry in entries}
    for number, name in enumerate(names):
        chunk = rows[number * PAGE_ROWS : (number + 1) * PAGE_ROWS]
        before = rows[number * PAGE_ROWS - 1].code if number else ""
        yield site.page(
            name,
            "list.html.j2",
            tab="flags",
            title=title,
            total=len(rows),
            page=number + 1,
            pages=names,
            contents=entries if number == 0 else [],
            sections=_blocks(chunk, towns, totals, before, site.t),
            closed=closed if number == 0 else [],
        )


def _blocks(
    rows: list[ListRow], towns: Sequence[str], totals: Mapping[str, int], before: str, t: Texts
) -> list[ReasonBlock]:
    return [
        ReasonBlock(
            code=code,
            title=strict(REASONS, code, t),
            count=totals[code],
            continued=code == before,
            towns=[
                _town_block(list(members), towns) for _, members in groupby(of_code, key=lambda row: row.town)
            ],
        )
        for code, of_code in groupby(rows, key=lambda row: row.code)
    ]


def _town_block(rows: list[ListRow], towns: Sequence[str]) -> TownBlock:
    return TownBlock(title=rows[0].town, anchor=anchor_of(towns, rows[0]), rows=rows)
