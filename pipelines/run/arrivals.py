"""Every landing the ledger knows, and for a month what became of each; releases of held deliveries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pipelines.base.errors import Erased, NotFound
from pipelines.base.period import Period
from pipelines.base.settings import Where
from pipelines.run.choose import choose
from pipelines.run.holds import held_in
from pipelines.run.inbox import window
from pipelines.run.landing import partition_of
from pipelines.run.shop import Shop, open_shop
from pipelines.s3_validate import Shock
from pipelines.sources.spec import load_spec, source_names
from pipelines.store.ledger import LandingRow, Release
from pipelines.wording.labels import CAUSES, DELIVERY_STATES, lenient
from pipelines.wording.texts import Language, texts


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A delivery as the ledger knows it: accepted, empty, refused, held, repeated or superseded, and why."""

    source: str
    delivery: str
    received_at: date
    as_of: date
    status: str
    rows: int
    cause: str | None
    reason: str
    shocks: tuple[Shock, ...]
    release: Release | None


def arrivals(
    where: Mapping[str, object] | None = None, *, month: str | None = None, source: str | None = None
) -> list[Arrival]:
    """All deliveries by source and batch; with a month those it sees, each with its part in that month."""
    shop = open_shop(Where.of(where))
    if source:
        load_spec(source)
    names = [source] if source else _known(shop)
    if month:
        names = [name for name in names if name in source_names()]
        return [found for name in names for found in _of_month(shop, name, Period.parse(month))]
    return [found for name in names for found in _of_source(shop, name)]


def release(delivery: str, by: str, reason: str, where: Mapping[str, object] | None = None) -> Release:
    """A named person lets a held delivery count. NotFound unless the delivery is held now."""
    held = [found for found in arrivals(where, source=_source_of(delivery)) if found.status == "held"]
    if delivery not in [found.delivery for found in held]:
        raise NotFound(
            f"[{delivery}] is not held",
            remedy="see hedui deliveries; only a held delivery can be released",
        )
    if not by.strip() or not reason.strip():
        raise NotFound("a release needs a name and a reason", place=delivery, remedy="give --by and --reason")
    shop = open_shop(Where.of(where))
    latest = [row for row in shop.ledger.history(_source_of(delivery)) if row.delivery == delivery][-1]
    said = Release(
        delivery=delivery, files_digest=latest.files_digest, released_by=by.strip(), reason=reason.strip()
    )
    shop.ledger.add_release(said)
    return said


def told_arrivals(found: list[Arrival], language: Language) -> Iterator[tuple[str, ...]]:
    """Rows of a table: delivery, received, as_of, status, rows, and the cause in one sentence."""
    t = texts(language)
    for one in found:
        state = lenient(DELIVERY_STATES, one.status, t)
        yield (
            one.delivery,
            one.received_at.isoformat(),
            one.as_of.isoformat(),
            state,
            str(one.rows),
            _sentence(one, language),
        )


def _sentence(one: Arrival, language: Language) -> str:
    t = texts(language)
    if one.shocks:
        said = [shock.zh if t.is_zh else shock.en for shock in one.shocks]
        if not one.release:
            return t.joined(said)
        who = f"由{one.release.released_by}放行" if t.is_zh else f"released by {one.release.released_by}"
        return t.joined([*said, f"{who}: {one.release.reason}"])
    if one.cause:
        return f"{lenient(CAUSES, one.cause, t)}: {one.reason.partition(' Remedy:')[0]}"
    return ""


def _of_source(shop: Shop, name: str) -> list[Arrival]:
    """Each batch with each content it ever had; of the same content only the latest landing."""
    latest = {(row.delivery, row.files_digest): row for row in shop.ledger.history(name)}
    last = {row.delivery: row for row in latest.values()}
    first_with: dict[frozenset[str], str] = {}
    for row in sorted(latest.values(), key=lambda row: (row.received_at, row.delivery)):
        first_with.setdefault(_bytes_of(shop, row), row.delivery)
    shocked, held = _gates(shop, name, list(last.values()))
    rows = []
    for row in sorted(latest.values(), key=lambda row: (row.received_at, row.delivery)):
        status = row.status
        if last[row.delivery].files_digest != row.files_digest:
            status = "superseded"
        elif first_with[_bytes_of(shop, row)] != row.delivery:
            status = "repeated"
        elif row.delivery in held:
            status = "held"
        rows.append(_arrival(shop, row, status, shocked.get(row.delivery, ())))
    return rows


def _of_month(shop: Shop, name: str, period: Period) -> list[Arrival]:
    """The landings this code sees in the month's window: what counts says accepted.

    Where only an older code has landed the source, its landings of the window by themselves.
    """
    choice = choose(shop, name, period)
    if not choice.seen:
        first, last = window(choice.spec, period)
        return [one for one in _of_source(shop, name) if first <= one.received_at <= last]
    used = {row.delivery for row in choice.used}
    in_force = {digest for row in choice.used for digest in _bytes_of(shop, row)}
    shocked, _ = _gates(shop, name, list(choice.seen))
    rows = []
    for row in choice.seen:
        status = row.status
        if row.delivery in choice.held:
            status = "held"
        elif status == "accepted" and row.delivery not in used and choice.used:
            status = "repeated" if _bytes_of(shop, row) <= in_force else "superseded"
        rows.append(_arrival(shop, row, status, shocked.get(row.delivery, ())))
    return rows


def _bytes_of(shop: Shop, row: LandingRow) -> frozenset[str]:
    """Digests of a landing's files without their sign-offs: the same bytes under another date are the same bytes.

    A refused landing said nothing, so that a resend with a right sign-off repeats nobody.
    """
    if row.status == "refused" or not shop.lake.exists(partition_of(row)):
        return frozenset((row.files_digest,))
    try:
        return frozenset(shop.lake.read(partition_of(row), "delivery", ["sha256"])["sha256"].to_pylist())
    except Erased:
        return frozenset((row.files_digest,))


def _gates(
    shop: Shop, name: str, rows: list[LandingRow]
) -> tuple[dict[str, tuple[Shock, ...]], dict[str, tuple[Shock, ...]]]:
    """Every delivery with the gates it does not pass, and those of them that nobody released."""
    if name not in source_names():
        return {}, {}
    spec, releases = load_spec(name), shop.ledger.releases()
    landed = list(
        ({row.delivery: row for row in shop.ledger.history(name)} | {r.delivery: r for r in rows}).values()
    )
    held = held_in(spec, landed, releases)
    released = {
        row.delivery: held_in(spec, landed, _without(releases, row)).get(row.delivery, ())
        for row in landed
        if (row.delivery, row.files_digest) in releases
    }
    return held | released, held


def _without(releases: dict[tuple[str, str], Release], row: LandingRow) -> dict[tuple[str, str], Release]:
    return {key: said for key, said in releases.items() if key != (row.delivery, row.files_digest)}


def _arrival(shop: Shop, row: LandingRow, status: str, shocked: tuple[Shock, ...]) -> Arrival:
    return Arrival(
        source=row.source,
        delivery=row.delivery,
        received_at=row.received_at,
        as_of=row.as_of,
        status=status,
        rows=row.accepted_records,
        cause=row.cause,
        reason=row.reason or "",
        shocks=shocked,
        release=shop.ledger.releases().get((row.delivery, row.files_digest)),
    )


def _known(shop: Shop) -> list[str]:
    return sorted({row.source for row in shop.ledger.history()} | set(source_names()))


def _source_of(delivery: str) -> str:
    return delivery.split("/", maxsplit=1)[0]
