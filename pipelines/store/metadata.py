"""What all tables of the ledger stand in: one set of names for their constraints, and a check several of them share."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, MetaData

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def given(column: str) -> CheckConstraint:
    """A name or a text that says something, without spaces around it (so that one person has one name)."""
    return CheckConstraint(f"length({column}) > 0 AND {column} = trim({column}, ' 　')", name=column)
