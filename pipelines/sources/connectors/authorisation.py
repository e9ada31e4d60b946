"""Who may be asked about: a person without a valid authorisation in scope is never sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

EVERY_SOURCE = "all"


@dataclass(frozen=True, kw_only=True)
class Authorisation:
    """A person's signed permission. Name and id stay out of every repr, and so out of logs and tracebacks."""

    name: str = field(repr=False)
    id_no: str = field(repr=False)
    authorisation_no: str = field(repr=False)
    valid_from: date
    valid_to: date  # the last day it holds
    scope: str  # `all`, or source names joined by commas
    withdrawn_date: date | None = None  # from this day on it does not hold
    household_no: str = field(
        default="", repr=False
    )  # the list's own number of the household it was signed for

    def holds(self, *, source: str, day: date) -> bool:
        """Whether this person may be asked about at the source on the day."""
        in_scope = {EVERY_SOURCE, source} & {
            part.strip() for part in self.scope.replace("，", ",").split(",")
        }
        withdrawn = self.withdrawn_date is not None and day >= self.withdrawn_date
        stated = self.name.strip() and self.id_no.strip() and self.authorisation_no.strip()
        return bool(in_scope and stated and not withdrawn and self.valid_from <= day <= self.valid_to)


def people_to_ask(
    authorisations: Iterable[Authorisation], *, source: str, day: date
) -> tuple[tuple[Authorisation, ...], int]:
    """One authorisation a person, in id order, the one that holds longest; and how many people have none."""
    asked: dict[tuple[str, str], Authorisation] = {}
    everyone: set[tuple[str, str]] = set()
    for held in authorisations:
        person = (held.id_no, held.name)
        everyone.add(person)
        if held.holds(source=source, day=day):
            asked[person] = max(
                held, asked.get(person, held), key=lambda one: (one.valid_to, one.authorisation_no)
            )
    return tuple(asked[person] for person in sorted(asked)), len(everyone) - len(asked)
