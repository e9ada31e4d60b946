"""Link one registry: each of its sources only to the members who may be looked up there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.contracts import conform
from pipelines.contracts.linked import LINKED_MATCH, LINKED_REVIEW
from pipelines.run.tables import used_records
from pipelines.s4_link import default_settings, link, looked_up

if TYPE_CHECKING:
    from pipelines.run.month import Run


def links_of(run: Run, table_name: str) -> dict[str, pa.Table]:
    """linked_match and linked_review of a canonical table."""
    records = used_records(run, table_name)
    members = run.read("compose", "household_member")
    standing = run.read("compose", "member_authorisation")
    found = [
        link(
            records=records.filter(pc.is_in(records["source"], value_set=pa.array(sources, pa.string()))),
            table_name=table_name,
            members=open_members,
            judgements=None,
            settings=default_settings(),
        )
        for sources, open_members in looked_up(members, standing, records["source"].unique().to_pylist())
    ]
    return {
        "linked_match": conform(pa.concat_tables([part.matches for part in found]), LINKED_MATCH),
        "linked_review": conform(pa.concat_tables([part.reviews for part in found]), LINKED_REVIEW),
    }
