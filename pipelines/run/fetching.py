"""Bring what the registries have ready into the inbox. Who may be asked about is read from the lake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pipelines.base.actor import actor, purpose_of
from pipelines.base.errors import DeliveryHeld, NoDeliveries
from pipelines.base.ids import short_id
from pipelines.base.period import Period
from pipelines.base.settings import Where
from pipelines.run.choose import HELD, choose
from pipelines.run.inbox import find
from pipelines.run.landing import land, partition_of
from pipelines.run.shop import Shop, open_shop
from pipelines.sources.connectors.authorisation import Authorisation, people_to_ask
from pipelines.sources.connectors.clock import machine_clock
from pipelines.sources.connectors.declared import connector_of
from pipelines.sources.connectors.fetch import fetch
from pipelines.sources.connectors.fetched import Fetched
from pipelines.sources.connectors.settings import Connector, HttpApi
from pipelines.sources.spec import load_spec, source_names
from pipelines.store.accessed import Access

BROUGHT, NOTHING_NEW, BY_HAND = "fetched", "nothing_new", "by_hand"
_FORMS = "authorisation"


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What came of a source: counts and names, no content. `connector` is empty where deliveries come by hand."""

    source: str
    connector: str
    status: str
    deliveries: tuple[str, ...] = ()
    files: int = 0
    rows: int = 0
    requests: int = 0
    remaining: int = 0
    not_sent: int = 0  # people whose authorisation does not hold


def bring(source: str, month: str, where: Mapping[str, object] | None = None) -> dict[str, Any]:
    """Every batch the source has ready, one after another; each is in the inbox whole before the next is asked for."""
    inbox = Where.of(where).need_inbox()
    period = Period.parse(month)
    settings = connector_of(source)
    if settings is None:
        return _said(Brought(source=source, connector="", status=BY_HAND))
    people = _authorisations(settings, period, where)
    if people:
        _record_asking(source, period, people, where)
    batches: list[Fetched] = []
    while not batches or (batches[-1].delivery and batches[-1].remaining):
        batches.append(
            fetch(
                settings,
                source=source,
                month=str(period),
                inbox=inbox,
                authorisations=people,
                sign_off=load_spec(source).sign_off,
            )
        )
    return _said(_summed(source, settings.kind, batches))


def _record_asking(
    source: str, period: Period, people: tuple[Authorisation, ...], where: Mapping[str, object] | None
) -> None:
    """Written before anybody is asked about: the households of the people whose authorisation holds today."""
    shop = open_shop(Where.of(where))
    asked, _ = people_to_ask(people, source=source, day=machine_clock().now().date())
    if not asked:
        return
    who = actor()
    shop.ledger.add_access(
        Access(
            jurisdiction=shop.where.jurisdiction,
            run_id=None,
            month=str(period),
            verb="fetch",
            item=source,
            households=sorted({short_id("H", shop.where.jurisdiction, one.household_no) for one in asked}),
            members=[],
            actor=who.name,
            os_user=who.os_user,
            purpose=purpose_of(f"核对查询 look-up {period}"),
        )
    )


def _summed(source: str, kind: str, batches: list[Fetched]) -> Brought:
    deliveries = tuple(one.delivery for one in batches if one.delivery)
    return Brought(
        source=source,
        connector=kind,
        status=BROUGHT if deliveries else NOTHING_NEW,
        deliveries=deliveries,
        files=sum(len(one.files) for one in batches),
        rows=sum(one.rows for one in batches),
        requests=sum(one.requests for one in batches),
        remaining=batches[-1].remaining,
        not_sent=batches[-1].not_sent,
    )


def _said(brought: Brought) -> dict[str, Any]:
    """As JSON can say it."""
    return asdict(brought) | {"deliveries": list(brought.deliveries)}


def _authorisations(
    settings: Connector, period: Period, where: Mapping[str, object] | None
) -> tuple[Authorisation, ...]:
    """The signed forms in force for the month. Those waiting in the inbox are landed first: a withdrawal counts."""
    if not isinstance(settings, HttpApi):
        return ()
    lists = [name for name in source_names() if load_spec(name).table == _FORMS]
    for source in lists:
        for delivery in find(source, str(period), where):
            land(delivery, where)
    shop = open_shop(Where.of(where))
    return tuple(form for source in lists for form in _forms(shop, source, period))


def _forms(shop: Shop, source: str, period: Period) -> list[Authorisation]:
    choice = choose(shop, source, period)
    if choice.status == HELD:
        raise DeliveryHeld(
            f"the authorisations are held: {choice.reason}",
            place=source,
            remedy="look at the delivery; if it is right: hedui deliveries --release DELIVERY --by NAME --reason …",
        )
    if not choice.used:
        raise NoDeliveries(
            f"no list of authorisations speaks about {period} ({choice.status})",
            place=source,
            remedy="a service is only asked about people on a delivered list: put it into the inbox first",
        )
    rows = [
        row for landing in choice.used for row in shop.lake.read(partition_of(landing), _FORMS).to_pylist()
    ]
    return [
        Authorisation(
            name=row["name"] or "",
            id_no=row["id18"] or row["id_no"] or "",
            authorisation_no=row["authorisation_no"],
            valid_from=row["signed_date"],
            valid_to=row["valid_to"],
            scope=row["scope"],
            withdrawn_date=row["withdrawn_date"],
            household_no=row["household_no"],
        )
        for row in rows
    ]
