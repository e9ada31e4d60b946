"""Rate limits counted in the database, so that every worker and every restart counts on."""

from __future__ import annotations

import time
from typing import Any

from limits.storage import Storage
from sqlalchemy import Engine, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from pipelines.base.ids import digest_bytes
from pipelines.web.store.schema import RATE

_MILLIS = 1000
_TRIES = 5


class DatabaseRates(Storage):
    """Fixed windows in web_rate. What is counted stands there as a digest: no user name and no address."""

    STORAGE_SCHEME = ["hedui"]  # noqa: RUF012 - as the class above it has it

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: Any) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        self._engine: Engine = options["engine"]

    @property
    def base_exceptions(self) -> type[Exception]:
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """One more in the window; a window that is over begins anew."""
        for _ in range(_TRIES):
            try:
                return self._count(_digest(key), expiry, amount)
            except IntegrityError:
                continue  # a rival opened the window: count in it
        return amount

    def _count(self, key: str, expiry: int, amount: int) -> int:
        with self._engine.begin() as connection:
            connection.execute(delete(RATE).where(RATE.c.expires_ms <= _now()))
            changed = connection.execute(
                update(RATE).where(RATE.c.rate_key == key).values(hits=RATE.c.hits + amount)
            )
            if not changed.rowcount:
                connection.execute(
                    insert(RATE).values(rate_key=key, hits=amount, expires_ms=_now() + expiry * _MILLIS)
                )
            return int(connection.scalar(select(RATE.c.hits).where(RATE.c.rate_key == key)) or amount)

    def get(self, key: str) -> int:
        query = select(RATE.c.hits).where(RATE.c.rate_key == _digest(key), RATE.c.expires_ms > _now())
        with self._engine.connect() as connection:
            return int(connection.scalar(query) or 0)

    def get_expiry(self, key: str) -> float:
        query = select(RATE.c.expires_ms).where(RATE.c.rate_key == _digest(key))
        with self._engine.connect() as connection:
            return float(connection.scalar(query) or _now()) / _MILLIS

    def check(self) -> bool:
        with self._engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(RATE)) is not None

    def reset(self) -> int | None:
        with self._engine.begin() as connection:
            return int(connection.execute(delete(RATE)).rowcount)

    def clear(self, key: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(RATE).where(RATE.c.rate_key == _digest(key)))


def _now() -> int:
    return int(time.time() * _MILLIS)


def _digest(key: str) -> str:
    return digest_bytes(key.encode())
