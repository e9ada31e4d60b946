"""SFTP: batches copied from a server whose host key is known. A broken transfer is begun anew, never resumed."""

from __future__ import annotations

import asyncio
import stat
from typing import Any, cast

import asyncssh

from pipelines.base.errors import SecretUnsafe, SpecInvalid
from pipelines.base.fetch_errors import (
    AccessDenied,
    FetchRefused,
    HostKeyWrong,
    SourceUnreachable,
    TransferBroken,
)
from pipelines.base.secret import read_secret, read_secret_text
from pipelines.sources.connectors.batch import Batch, SourceInbox
from pipelines.sources.connectors.fetched import Fetched
from pipelines.sources.connectors.offer import SIGN_OFF_BYTES, Offered, offered, signed_files, stated_rows
from pipelines.sources.connectors.settings import Sftp

_PIECE = 1024 * 1024
_KEEPALIVE_SECONDS = 15


def fetch_sftp(settings: Sftp, *, inbox: SourceInbox, month: str) -> Fetched:
    """The oldest complete batch that the inbox does not hold yet."""
    return asyncio.run(_fetch(settings, inbox, month))


async def _fetch(settings: Sftp, inbox: SourceInbox, month: str) -> Fetched:
    place = f"{settings.host}:{settings.port}"
    connection = await _connect(settings, place)
    try:
        async with asyncio.timeout(settings.seconds_per_batch):
            sftp = await connection.start_sftp_client()
            return await _next_batch(settings, sftp, inbox, month)
    except asyncssh.SFTPPermissionDenied:
        raise AccessDenied("the server does not let the user read there", place=place) from None
    except TimeoutError:
        raise TransferBroken("the transfer took longer than `seconds_per_batch`", place=place) from None
    except (asyncssh.Error, OSError) as error:
        what = getattr(error, "strerror", None) or type(error).__name__
        raise TransferBroken(f"the transfer broke off ({what})", place=place) from None
    finally:
        connection.abort()  # everything received is on the disk: no goodbye is waited for


async def _connect(settings: Sftp, place: str) -> asyncssh.SSHClientConnection:
    options: dict[str, Any] = {
        "username": settings.user,
        "known_hosts": (_host_keys(settings), [], []),
        "config": None,  # neither the account's ssh configuration nor its agent has a say
        "agent_path": None,
        "gss_host": None,
        "connect_timeout": settings.seconds_to_connect,
        "login_timeout": settings.seconds_to_connect,
        "keepalive_interval": _KEEPALIVE_SECONDS,
        **_credentials(settings),
    }
    try:
        return await asyncssh.connect(settings.host, settings.port, **options)
    except asyncssh.HostKeyNotVerifiable:
        raise HostKeyWrong(
            "the server's host key is not one of the source's `host_keys`",
            place=place,
            remedy="ask the registry by another way whether it changed its key; never take the new one unasked",
        ) from None
    except asyncssh.PermissionDenied:
        raise AccessDenied(
            "the server does not accept the user with this key or password", place=place
        ) from None
    except (asyncssh.Error, OSError) as error:
        raise SourceUnreachable(
            f"no connection ({type(error).__name__})",
            place=place,
            remedy="is the address right, and the way open?",
        ) from None


def _host_keys(settings: Sftp) -> list[asyncssh.SSHKey]:
    try:
        return [asyncssh.import_public_key(key) for key in settings.host_keys]
    except asyncssh.KeyImportError:
        raise SpecInvalid("a host key is not an OpenSSH public key", place="connector.host_keys") from None


def _credentials(settings: Sftp) -> dict[str, Any]:
    if settings.secret_file:
        password = read_secret_text(settings.secret_file)
        return {"password": password, "client_keys": None, "preferred_auth": "password"}
    if settings.key_file is None:
        raise SpecInvalid("neither a key nor a password", place="connector")
    try:
        key = asyncssh.import_private_key(read_secret(settings.key_file) + b"\n")
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
        raise SecretUnsafe(
            "the private key cannot be read: not a key, or under a passphrase", place=str(settings.key_file)
        ) from None
    return {"client_keys": [key], "password": None, "preferred_auth": "publickey"}


async def _next_batch(settings: Sftp, sftp: asyncssh.SFTPClient, inbox: SourceInbox, month: str) -> Fetched:
    ready = await _ready(settings, sftp, inbox, month)
    if not ready:
        return Fetched(delivery=None)
    chosen, names = ready[0]
    rows = 0
    with inbox.batch(chosen.name) as batch:
        for name in names:
            rows += await _copy(settings, sftp, batch, f"{settings.folder}/{chosen.remote}", name)
    return Fetched(
        delivery=f"{inbox.folder.name}/{chosen.name}",
        files=names,
        rows=rows,
        requests=2 * len(names),
        remaining=len(ready) - 1,
    )


async def _ready(
    settings: Sftp, sftp: asyncssh.SFTPClient, inbox: SourceInbox, month: str
) -> list[tuple[Offered, tuple[str, ...]]]:
    found: list[tuple[Offered, tuple[str, ...]]] = []
    root = str(settings.folder)
    for one in offered(await _names(sftp, root), pattern=settings.batches, month=month):
        if inbox.holds(one.name):
            continue
        await _plain(sftp, f"{root}/{one.remote}", stat.S_IFDIR)
        listed = await _names(sftp, f"{root}/{one.remote}")
        names = signed_files(listed, suffix=settings.sign_off, ignore=settings.ignore)
        if names:
            found.append((one, names))
    return found


async def _names(sftp: asyncssh.SFTPClient, folder: str) -> list[str]:
    return [name for name in await sftp.listdir(folder) if name not in (".", "..")]


async def _copy(settings: Sftp, sftp: asyncssh.SFTPClient, batch: Batch, folder: str, name: str) -> int:
    """One file and its sign-off; the rows stated."""
    path = f"{folder}/{name}"
    before = await _plain(sftp, path, stat.S_IFREG)
    with batch.file(name, most_bytes=settings.most_bytes) as target:
        async with sftp.open(path, "rb", encoding=None) as source:
            while piece := await source.read(_PIECE):
                target.write(cast(bytes, piece))
        after = await sftp.lstat(path)
        if (before.size, before.mtime) != (after.size, after.mtime) or target.byte_count != after.size:
            raise TransferBroken(
                f"[{target.byte_count}] bytes came, the server states [{after.size}]",
                place=name,
                remedy="fetch again when the sender is done",
            )
    await _plain(sftp, path + settings.sign_off, stat.S_IFREG)
    async with sftp.open(path + settings.sign_off, "rb", encoding=None) as source:
        sign_off = cast(bytes, await source.read(SIGN_OFF_BYTES))
    batch.carry_sign_off(name, sign_off)
    return stated_rows(sign_off)


async def _plain(sftp: asyncssh.SFTPClient, path: str, kind: int) -> asyncssh.SFTPAttrs:
    """The entry's attributes; FetchRefused when it is a link or another thing than it should be."""
    attributes = await sftp.lstat(path)
    if stat.S_IFMT(attributes.permissions or 0) != kind:
        raise FetchRefused(
            "an entry on the server is a link, or no plain file or folder", place=path.rsplit("/", 1)[-1]
        )
    return attributes
