"""Sessions kept in the database: the cookie is a random key, the table knows its digest. A row removed is a session
ended, at once and everywhere. A new key is given at every sign-in and sign-out."""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from flask_security.signals import user_authenticated
from sqlalchemy import Engine, delete, insert, select, update
from werkzeug.datastructures import CallbackDict

from pipelines.base.ids import digest_bytes
from pipelines.base.period import now
from pipelines.web.store.schema import SESSION

_KEY_BYTES = 32
_SEEN_EVERY = timedelta(minutes=1)


class StoredSession(CallbackDict[str, Any], SessionMixin):
    """What one browser is remembered by. `key` is empty until the first save."""

    def __init__(self, content: dict[str, Any] | None = None, key: str = "") -> None:
        super().__init__(content or {}, lambda _: setattr(self, "modified", True))
        self.key = key
        self.new = not key
        self.modified = False
        self.seen_at: datetime | None = None
        self.is_renewed = False

    def renew(self) -> None:
        """The next answer carries another key; the old one is worth nothing."""
        self.is_renewed = self.modified = True


class DatabaseSessions(SessionInterface):
    """Reads and writes web_session."""

    def __init__(self, engine: Engine, minutes: int) -> None:
        self._engine, self._life = engine, timedelta(minutes=minutes)

    def open_session(self, app: Flask, request: Request) -> StoredSession:
        key = request.cookies.get(self.get_cookie_name(app), "")
        if not key:
            return StoredSession()
        query = select(SESSION).where(SESSION.c.key_digest == _digest(key), SESSION.c.expires_at > now())
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return StoredSession()
        found = StoredSession(json.loads(row["content"]), key)
        found.seen_at = row["seen_at"].replace(tzinfo=now().tzinfo)
        return found

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        assert isinstance(session, StoredSession)  # noqa: S101
        response.vary.add("Cookie")
        if not session and (session.modified or session.new):
            self._forget(app, session, response)
            return
        if session.is_renewed or (session.new and session.modified):
            self._start(app, session, response)
            return
        if session.modified or session.seen_at is None or now() - session.seen_at > _SEEN_EVERY:
            self._touch(session)
            self._set_cookie(app, session, response)

    def end_all_of(self, account: str) -> int:
        """End every session of an account, wherever it is open."""
        with self._engine.begin() as connection:
            return int(connection.execute(delete(SESSION).where(SESSION.c.account == account)).rowcount)

    def _start(self, app: Flask, session: StoredSession, response: Response) -> None:
        old, session.key = session.key, secrets.token_urlsafe(_KEY_BYTES)
        at = now()
        with self._engine.begin() as connection:
            connection.execute(
                delete(SESSION).where(
                    (SESSION.c.key_digest == _digest(old)) | (SESSION.c.expires_at < at - self._life)
                )
            )
            connection.execute(
                insert(SESSION).values(
                    key_digest=_digest(session.key), created_at=at, **self._row(session, at)
                )
            )
        self._set_cookie(app, session, response)

    def _touch(self, session: StoredSession) -> None:
        # A session ended meanwhile stays ended: this changes no row then.
        with self._engine.begin() as connection:
            connection.execute(
                update(SESSION)
                .where(SESSION.c.key_digest == _digest(session.key))
                .values(**self._row(session, now()))
            )

    def _row(self, session: StoredSession, at: datetime) -> dict[str, Any]:
        return {
            "account": session.get("_user_id"),
            "content": json.dumps(dict(session)),
            "seen_at": at,
            "expires_at": at + self._life,
        }

    def _forget(self, app: Flask, session: StoredSession, response: Response) -> None:
        if not session.key:
            return
        with self._engine.begin() as connection:
            connection.execute(delete(SESSION).where(SESSION.c.key_digest == _digest(session.key)))
        response.delete_cookie(self.get_cookie_name(app), path=self.get_cookie_path(app))

    def _set_cookie(self, app: Flask, session: StoredSession, response: Response) -> None:
        response.set_cookie(
            self.get_cookie_name(app),
            session.key,
            max_age=int(self._life.total_seconds()),
            httponly=True,
            secure=self.get_cookie_secure(app),
            samesite="Lax",
            path=self.get_cookie_path(app),
        )


def renew_at_sign_in(app: Flask) -> None:
    """A key somebody planted before the sign-in is worth nothing after it."""

    def renew(_sender: Any, **_: Any) -> None:
        from flask import session

        if isinstance(found := session._get_current_object(), StoredSession):  # type: ignore[attr-defined]
            found.renew()

    user_authenticated.connect(renew, app, weak=False)


def _digest(key: str) -> str:
    return digest_bytes(key.encode())
