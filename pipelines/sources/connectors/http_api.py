"""A registry's HTTP service: people with a valid authorisation asked about, pages kept as they were delivered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import Any

from pipelines.base.fetch_errors import AccessDenied, AnswerBroken, AnswerUnstable
from pipelines.base.period import Period
from pipelines.sources.connectors.answer import Broken, Page, TokenEnded, read_page
from pipelines.sources.connectors.authorisation import Authorisation, people_to_ask
from pipelines.sources.connectors.batch import Batch, SourceInbox
from pipelines.sources.connectors.clock import Clock
from pipelines.sources.connectors.fetched import Fetched
from pipelines.sources.connectors.offer import fill_month
from pipelines.sources.connectors.service import Service, Signed, open_client
from pipelines.sources.connectors.settings_http import HttpApi, Offset
from pipelines.sources.connectors.token import Signer


class _AuthorisationEnded(Exception):
    """Somebody of the group may no longer be asked about."""


class _TotalChanged(Exception):
    """The pages read so far are of another answer than this one."""


def fetch_http(
    settings: HttpApi,
    *,
    inbox: SourceInbox,
    month: str,
    authorisations: Iterable[Authorisation],
    clock: Clock,
) -> Fetched:
    """A new batch of today: page_0001.json … of everyone who may be asked about, in id order."""
    source = inbox.folder.name
    today = clock.now().date()
    people, refused = people_to_ask(authorisations, source=source, day=today)
    if not people:
        return Fetched(delivery=None, not_sent=refused)
    batch_name = inbox.next_batch(today)
    as_of = Period.parse(month).last_day if settings.as_of == "month_end" else today
    with open_client(settings) as client, inbox.batch(batch_name) as batch:
        service = Service(settings, client=client, clock=clock)
        asking = Asking(settings, service=service, clock=clock, month=month, source=source)
        rows = 0
        for group in _groups(people, settings.person.per_call):
            for page in asking.pages(group):
                rows += page.rows
                _keep(batch, page, as_of)
    return Fetched(
        delivery=f"{source}/{batch_name}" if batch.files else None,
        files=tuple(file.name for file in batch.files),
        rows=rows,
        requests=service.requests,
        not_sent=refused + asking.ended_meanwhile,
        asked=tuple(asking.asked),
    )


def _keep(batch: Batch, page: Page, as_of: Any) -> None:
    name = f"page_{len(batch.files) + 1:04d}.json"
    batch.put(name, page.data)
    batch.sign(name, rows=page.rows, as_of=as_of)


def _groups(people: Sequence[Authorisation], size: int) -> Iterator[Sequence[Authorisation]]:
    for first in range(0, len(people), size):
        yield people[first : first + size]


class Asking:
    """Questions to the service, each read to its last page."""

    def __init__(self, settings: HttpApi, *, service: Service, clock: Clock, month: str, source: str) -> None:
        self._settings = settings
        self._service = service
        self._signer = Signer(settings, service=service, clock=clock)
        self._clock = clock
        self._source = source
        self._fields = {name: fill_month(value, month) for name, value in settings.fields.items()}
        self.asked: list[Authorisation] = []
        self.ended_meanwhile = 0

    def pages(self, group: Sequence[Authorisation]) -> list[Page]:
        """All pages about the group; from page 1 again when the total changed while they were read."""
        readings = self._settings.limits.most_restarts + 1
        left = readings
        while held := self._held(group):
            try:
                pages = self._all_pages(held)
            except _AuthorisationEnded:
                continue  # asked anew without those it ended for
            except _TotalChanged:
                left -= 1
                if not left:
                    raise self._unstable(readings) from None
                continue
            self.asked.extend(held)
            break
        else:
            pages = []
        self.ended_meanwhile += len(group) - len(held)
        return pages

    def _held(self, group: Sequence[Authorisation]) -> list[Authorisation]:
        today = self._clock.now().date()
        return [one for one in group if one.holds(source=self._source, day=today)]

    def _unstable(self, readings: int) -> AnswerUnstable:
        return AnswerUnstable(
            f"the total changed in each of [{readings}] readings",
            place=self._source,
            remedy="fetch again when the registry is at rest, at night",
        )

    def _all_pages(self, held: Sequence[Authorisation]) -> list[Page]:
        pages: list[Page] = []
        received = 0
        for index in count():
            if index == self._settings.limits.most_pages:
                raise AnswerBroken(f"an answer has more than [{index}] pages", place=self._source)
            page = self._page(held, index, received, pages)
            pages.append(page)
            received += page.rows
            if received == page.total:
                break
        return pages

    def _page(self, held: Sequence[Authorisation], index: int, received: int, before: Sequence[Page]) -> Page:
        fields = {**self._fields, **_people(self._settings, held), **_place(self._settings, index)}

        def sign() -> Signed:
            # The last look before the call leaves: waiting for its turn may have passed midnight.
            if len(self._held(held)) < len(held):
                raise _AuthorisationEnded
            return self._signer.signed(fields)

        def read(data: bytes) -> Page:
            page = read_page(data, self._settings.answer)
            if before and page.total != before[0].total:
                raise _TotalChanged
            _check(page, received=received, size=self._settings.paging.size, before=before)
            return page

        try:
            return self._post(sign, read)
        except TokenEnded:
            self._signer.renew()
        try:
            return self._post(sign, read)
        except TokenEnded:
            raise AccessDenied(
                "the service does not accept a token it has just given",
                place=self._source,
                remedy="compare the machine's clock with the registry's",
            ) from None

    def _post(self, sign: Callable[[], Signed], read: Callable[[bytes], Page]) -> Page:
        return self._service.post(self._settings.path, ready=self._signer.ready, sign=sign, read=read)


def _check(page: Page, *, received: int, size: int, before: Sequence[Page]) -> None:
    """Broken when the page cannot be the one asked for."""
    expected = min(size, page.total - received)
    if page.rows != expected:
        raise Broken(AnswerBroken(f"a page has [{page.rows}] records instead of [{expected}]"))
    if page.rows > 1 and any(page.digest == earlier.digest for earlier in before):
        raise Broken(AnswerBroken("two pages have the same records: the service ignores the paging fields"))


def _people(settings: HttpApi, held: Sequence[Authorisation]) -> dict[str, Any]:
    """Name, id and authorisation number: on each call, of each person."""
    form = settings.person
    items = [
        {form.name_field: one.name, form.id_field: one.id_no, form.authorisation_field: one.authorisation_no}
        for one in held
    ]
    return {form.list_field: items} if form.list_field else dict(items[0])


def _place(settings: HttpApi, index: int) -> dict[str, str]:
    paging = settings.paging
    if isinstance(paging, Offset):
        start = paging.first + index * paging.size
        return {paging.start_field: str(start), paging.limit_field: str(paging.size)}
    return {paging.number_field: str(paging.first + index), paging.size_field: str(paging.size)}
