"""A member whose own number the list lacks, garbles or has cut takes the one of their hukou record.

The hukou link itself was made without it, by name, place and the others of the book. Links that rest on a lent
number have a method of their own and are derived from the hukou link too, so that a wrong one can be traced and
judged. Two hukou records with two numbers lend nothing.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.contracts import conform
from pipelines.contracts.linked import LENT_NUMBER
from pipelines.s4_link.id_numbers import CUT_ENDING

LENT_BY = "lent_by"
"""Column of the members: the hukou link that lends the number; empty where the list's own number stands."""
STATE = "lent"
_COME_WITH = ("id18", "birth_date", "sex")


def lent_numbers(members: pa.Table, matches: pa.Table, records: pa.Table) -> pa.Table:
    """LENT_NUMBER. `matches` are the hukou links, `records` at least the hukou records they name."""
    doubtful = pc.or_kleene(pc.is_null(members["id18"]), pc.ends_with(members["id18"], CUT_ENDING))
    waiting = members.filter(doubtful)["record_id"].combine_chunks()
    links = matches.filter(pc.is_in(matches["member_id"], value_set=waiting))
    links = links.select(["record_id", "record", "member_id"]).rename_columns(["link", "record", "member_id"])
    known = records.select(["record_id", *_COME_WITH]).rename_columns(["record", *_COME_WITH])
    joined = links.join(known, "record", join_type="inner")
    joined = joined.filter(pc.is_valid(joined["id18"])).sort_by(
        [("member_id", "ascending"), ("link", "ascending")]
    )
    rows = _one_number_each(joined.to_pylist())
    return conform(pa.Table.from_pylist(rows, schema=LENT_NUMBER.schema), LENT_NUMBER)


def _one_number_each(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    several = set()
    for row in rows:
        first = found.setdefault(row["member_id"], row)
        if first["id18"] != row["id18"]:
            several.add(row["member_id"])
    return [
        {
            "record_id": f"{member}=lent",
            "member_id": member,
            "link_id": row["link"],
            **{name: row[name] for name in _COME_WITH},
            "derived_from": [member, row["link"]],
        }
        for member, row in found.items()
        if member not in several
    ]


def with_lent_numbers(members: pa.Table, lent: pa.Table) -> pa.Table:
    """The members with the numbers lent to them, and birth date and sex with these."""
    at = pc.index_in(members["record_id"].combine_chunks(), value_set=lent["member_id"].combine_chunks())
    given = {name: lent[name].combine_chunks().take(at) for name in (*_COME_WITH, "link_id")}
    changed = {name: pc.coalesce(given[name], members[name].combine_chunks()) for name in _COME_WITH}
    changed["id_no"] = pc.coalesce(given["id18"], members["id_no"].combine_chunks())
    is_lent = pc.is_valid(given["id18"])
    changed["id_state"] = pc.if_else(is_lent, STATE, members["id_state"].combine_chunks())
    for name, values in changed.items():
        members = members.set_column(members.schema.get_field_index(name), name, values)
    return members.append_column(LENT_BY, given["link_id"])
