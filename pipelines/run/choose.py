"""Which deliveries speak for a month, and what each source could say. No clock: windows follow from the month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.base import errors
from pipelines.base.errors import DeliveryHeld, DeliveryRefused, HeduiError, NoDeliveries, PackInvalid
from pipelines.base.period import Period
from pipelines.policy import Pack, load_pack
from pipelines.run.holds import holds_of
from pipelines.run.inbox import window
from pipelines.run.shop import Shop, landing_code
from pipelines.s3_validate import Shock
from pipelines.sources.spec import SourceSpec, load_spec, source_names
from pipelines.store.ledger import LandingRow

USED, EMPTY, NOT_RECEIVED, REFUSED, WAIVED = "used", "empty", "not_received", "refused", "waived"
HELD = "held"


@dataclass(frozen=True, kw_only=True)
class SourceChoice:
    """The landings of a source in the month's window, and those in force."""

    spec: SourceSpec
    seen: tuple[LandingRow, ...]
    used: tuple[LandingRow, ...]
    status: str
    reason: str
    held: Mapping[str, tuple[Shock, ...]] = field(default_factory=dict)  # delivery → why it is held

    @property
    def as_of(self) -> str:
        return max((row.as_of.isoformat() for row in self.used), default="")


def choose(shop: Shop, source: str, period: Period) -> SourceChoice:
    """The choice for one source. Late and out-of-order deliveries are judged by as_of, not by arrival."""
    spec = load_spec(source)
    first, last = window(spec, period)
    seen = tuple(shop.ledger.landings(source, first, last, landing_code()))
    if source in shop.where.without:
        return SourceChoice(
            spec=spec, seen=seen, used=(), status=WAIVED, reason="the operator went on without it"
        )
    if not seen:
        return SourceChoice(
            spec=spec, seen=(), used=(), status=NOT_RECEIVED, reason="no delivery in the window"
        )
    sound = [row for row in seen if row.status != REFUSED]
    if not sound:
        return SourceChoice(spec=spec, seen=seen, used=(), status=REFUSED, reason=seen[-1].reason or "")
    used = _in_force(spec, sound, period)
    held = holds_of(shop, spec, sound)
    shocked = [f"{row.delivery}: {shock.en}" for row in used for shock in held.get(row.delivery, ())]
    if shocked:
        return SourceChoice(spec=spec, seen=seen, used=(), status=HELD, reason="; ".join(shocked), held=held)
    status = USED if any(row.status == "accepted" for row in used) else EMPTY
    reason = "" if status == USED else "no data line"
    return SourceChoice(spec=spec, seen=seen, used=used, status=status, reason=reason, held=held)


def choose_all(shop: Shop, period: Period) -> list[SourceChoice]:
    """All sources; raises when the month cannot be run as asked."""
    needed = needed_lists(load_pack(shop.where.jurisdiction))
    choices = [choose(shop, source, period) for source in source_names()]
    if not any(choice.used or choice.held for choice in choices):
        raise NoDeliveries(
            f"no delivery of any source speaks about {period}",
            place=str(shop.where.inbox or ""),
            remedy="check the month and the inbox; a delivery counts until some days after the month's end",
        )
    for choice in choices:
        check_usable(choice, needed)
    return choices


def needed_lists(pack: Pack) -> Mapping[str, str]:
    """The lists a month of this place waits for, each with what would be wrong without it."""
    needed = dict.fromkeys(pack.lists, "a missing list would close its households' flags")
    for source in pack.lists:
        load_spec(source)
    if pack.authorisation.kept == "delivered":
        forms = [name for name in source_names() if load_spec(name).table == "authorisation"]
        needed |= dict.fromkeys(forms, "without it nobody may be looked up and nothing can be verified")
    return needed


def check_usable(choice: SourceChoice, needed: Mapping[str, str]) -> None:
    """A source whose every delivery was refused must not drop out silently, nor may a list the place needs.

    A list of recipients the place does not have must not come in by a folder either: no rule fits its people.
    """
    source = choice.spec.source
    if choice.status == REFUSED:
        raise _cause_of(choice.seen[-1])(
            f"every delivery of [{source}] for the month was refused; the last one: {choice.reason}",
            place=choice.seen[-1].delivery,
            remedy=f"get a new delivery, or go on knowingly without it: --without {source}",
        )
    if choice.spec.table == "recipient" and choice.used and source not in needed:
        raise PackInvalid(
            f"the list of recipients [{source}] was delivered, and the place has no such list",
            place="policy/packs pack.yaml lists",
            remedy=f"add it to `lists` and its programme to `programmes`, or go on without it: --without {source}",
        )
    if source not in needed:
        return
    if choice.status == HELD:
        raise DeliveryHeld(
            f"the list [{source}] is held: {choice.reason}",
            place=source,
            remedy="look at the delivery; if it is right: hedui deliveries --release DELIVERY --by NAME --reason …",
        )
    if choice.status in (NOT_RECEIVED, EMPTY):
        raise NoDeliveries(
            f"the list [{source}] has not arrived ({choice.reason})",
            place=source,
            remedy=f"{needed[source]}; to go on knowingly: --without {source}",
        )


def _in_force(spec: SourceSpec, sound: list[LandingRow], period: Period) -> tuple[LandingRow, ...]:
    """Snapshot: the latest statement replaces all. Monthly: the latest one of each part up to the month."""
    if spec.statement == "snapshot":
        return (max(sound, key=_age),)
    if spec.statement == "full_delta":
        return _full_and_deltas(sound)
    by_part: dict[str, LandingRow] = {}
    for row in sorted(sound, key=_age):
        if row.part <= f"{period.year:04d}{period.month:02d}":
            by_part[row.part] = row
    return tuple(by_part[part] for part in sorted(by_part))


def _full_and_deltas(sound: list[LandingRow]) -> tuple[LandingRow, ...]:
    """The latest full file and the deltas that came after it; a delta without a full file says nothing."""
    full = [row for row in sound if row.part != "delta"]
    if not full:
        return ()
    latest = max(full, key=_age)
    deltas = [row for row in sound if row.part == "delta" and _age(row) > _age(latest)]
    return (latest, *sorted(deltas, key=_age))


def _age(row: LandingRow) -> tuple[object, ...]:
    return (row.as_of, row.received_at, row.delivery)


def _cause_of(row: LandingRow) -> type[HeduiError]:
    cause = getattr(errors, row.cause or "", DeliveryRefused)
    return cause if isinstance(cause, type) and issubclass(cause, HeduiError) else DeliveryRefused
