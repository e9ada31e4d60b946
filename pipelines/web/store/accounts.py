"""Accounts and roles as Flask-Security wants them, over the site's own tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_security import RoleMixin, SQLAlchemySessionUserDatastore, UserMixin
from sqlalchemy import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, relationship, scoped_session, sessionmaker

from pipelines.web.store.schema import ACCOUNT, ACCOUNT_ROLE, ROLE, WEB_METADATA

ROLES = ("village", "township", "district", "supervisor", "engineer", "auditor", "admin")


class _Base(DeclarativeBase):
    metadata = WEB_METADATA


class Role(_Base, RoleMixin):
    __table__ = ROLE
    id: Mapped[int]
    name: Mapped[str]

    def get_permissions(self) -> set[str]:
        """Roles are all there is."""
        return set()


class Account(_Base, UserMixin):
    __table__ = ACCOUNT
    id: Mapped[int]
    username: Mapped[str]
    email: Mapped[str | None]  # type: ignore[assignment]
    display_name: Mapped[str]
    password: Mapped[str | None]
    active: Mapped[bool]
    fs_uniquifier: Mapped[str]
    town: Mapped[str]
    village: Mapped[str]
    created_at: Mapped[datetime]
    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]
        secondary=ACCOUNT_ROLE, lazy="joined"
    )

    @property
    def role_names(self) -> frozenset[str]:
        return frozenset(role.name for role in self.roles)


Sessions = scoped_session[Any]


def sessions_on(engine: Engine) -> Sessions:
    """Database sessions, one a request."""
    return scoped_session(sessionmaker(engine, expire_on_commit=False))


def datastore_on(sessions: Sessions) -> SQLAlchemySessionUserDatastore:
    return SQLAlchemySessionUserDatastore(sessions, Account, Role)


def ensure_roles(datastore: SQLAlchemySessionUserDatastore, names: Sequence[str] = ROLES) -> None:
    """Every role there is, made where it is missing."""
    for name in names:
        datastore.find_or_create_role(name)
    datastore.commit()  # type: ignore[no-untyped-call]
