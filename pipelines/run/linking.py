"""Link one registry: each of its sources only to the members who may be looked up there."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from pipelines import contracts, flow
from pipelines.contracts import conform
from pipelines.contracts.linked import LINK_MODEL, LINKED_MATCH, LINKED_REVIEW
from pipelines.run.judging import judgements_table, targets_of
from pipelines.run.tables import sources_of, used_batches
from pipelines.s4_link import (
    LINK_COLUMNS,
    LinkSettings,
    default_settings,
    lent_numbers,
    link,
    looked_up,
    with_lent_numbers,
)
from pipelines.sources.spec import load_spec

if TYPE_CHECKING:
    from pipelines.run.month import Run


def links_of(run: Run, table_name: str) -> dict[str, pa.Table]:
    """linked_match, linked_review and link_model of a canonical table; of the hukou register also lent_number."""
    members = run.read("compose", "household_member")
    if table_name == flow.LENDER:
        found = _links(run, table_name, members)
        return found | {flow.LENT: _lent(run, members, found["linked_match"])}
    lent = run.read(f"link-{flow.LENDER}", flow.LENT)
    return _links(run, table_name, with_lent_numbers(members, lent))


def _links(run: Run, table_name: str, members: pa.Table) -> dict[str, pa.Table]:
    standing = run.read("compose", "member_authorisation")
    judgements, settings = judgements_table(run), _settings(run)
    schema = contracts.by_name(table_name).schema
    columns = [name for name in LINK_COLUMNS if name in schema.names]
    sources = sources_of(run, table_name)
    found = [
        link(
            batches=used_batches(run, table_name, columns=columns, sources=group),
            table_name=table_name,
            members=open_members,
            judgements=judgements,
            settings=settings,
            one_each=frozenset(name for name in group if load_spec(name).one_per_person),
        )
        for group, open_members in (looked_up(members, standing, sources) if sources else ())
    ]
    return {
        contract.name: conform(pa.concat_tables([contract.empty(), *parts]), contract)
        for contract, parts in (
            (LINKED_MATCH, [part.matches for part in found]),
            (LINKED_REVIEW, [part.reviews for part in found]),
            (LINK_MODEL, [part.model for part in found]),
        )
    }


def _lent(run: Run, members: pa.Table, matches: pa.Table) -> pa.Table:
    wanted = matches["record"].combine_chunks().unique()
    columns = ("record_id", "source", "id18", "birth_date", "sex")
    batches = used_batches(run, flow.LENDER, columns=columns)
    records = [batch.filter(pc.is_in(batch["record_id"], value_set=wanted)) for batch in batches]
    empty = contracts.by_name(flow.LENDER).empty().select(columns)
    return lent_numbers(members, matches, pa.Table.from_batches(records, empty.schema))


def _settings(run: Run) -> LinkSettings:
    """The shipped settings with the error targets that were approved when the run was opened."""
    targets = targets_of(run)
    if targets is None:
        return default_settings()
    return dataclasses.replace(
        default_settings(),
        match_error=Fraction(*targets.match_error),
        review_error=Fraction(*targets.review_error),
    )
