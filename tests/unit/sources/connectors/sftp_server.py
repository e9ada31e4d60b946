"""A real SFTP server on loopback, in a thread of its own, that can break off in the middle of a file."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import asyncssh

USER, PASSWORD = "hedui", "pass-of-the-test"


class _Login(asyncssh.SSHServer):
    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)


class SftpServer:
    """Serves `root`. `breaks_after` bytes read, the connection is gone; `short_by` bytes each file is cut."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.breaks_after: int | None = None
        self.short_by = 0
        self.reads = 0
        self.host_key = asyncssh.generate_private_key("ssh-ed25519")
        self.client_key = asyncssh.generate_private_key("ssh-ed25519")
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def public_key(self) -> str:
        return self.host_key.export_public_key().decode().strip()

    def __enter__(self) -> SftpServer:
        self._thread.start()
        self._listener = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        self.port = self._listener.get_port()
        return self

    def __exit__(self, *_: object) -> None:
        async def close() -> None:
            self._listener.close()
            await self._listener.wait_closed()

        asyncio.run_coroutine_threadsafe(close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _listen(self) -> asyncssh.SSHAcceptor:
        owner = self

        class Files(asyncssh.SFTPServer):
            def __init__(self, channel: Any) -> None:
                super().__init__(channel, chroot=str(owner.root).encode())
                self._connection = channel.get_connection()

            def read(self, file_obj: Any, offset: int, size: int) -> bytes:
                owner.reads += 1
                if owner.breaks_after is not None and offset >= owner.breaks_after:
                    self._connection.abort()
                    return b""
                data = super().read(file_obj, offset, size)
                return bytes(data)

            def lstat(self, path: bytes) -> Any:
                found = super().lstat(path)
                attributes = asyncssh.SFTPAttrs.from_local(found)
                if owner.short_by and not path.endswith(b".ok") and path.endswith(b".csv"):
                    attributes.size = (attributes.size or 0) + owner.short_by
                return attributes

        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_host_keys=[self.host_key],
            server_factory=_Login,
            authorized_client_keys=asyncssh.import_authorized_keys(
                self.client_key.export_public_key().decode()
            ),
            sftp_factory=Files,
            allow_scp=False,
        )
