"""A registry's HTTP service on loopback: checks signatures by itself, serves pages, and fails as it is told to.

It speaks both forms (`/national/…` signs by HMAC, `/provincial/…` by MD5) and keeps every request it received.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.unit.sources.connectors.fake_clock import FakeClock

APP_SECRET = b"0123456789abcdef0123456789abcdef"
RID, SID, APP_KEY = "hedui-rid", "bank-sid", "Hedui-Key"


@dataclass
class Received:
    """A request as it came over the wire."""

    path: str
    headers: dict[str, str]
    raw: bytes
    fields: dict[str, Any]


@dataclass
class RegistryServer:
    """`records(fields)` gives all records of a question; `faults` are taken one a page call, None meaning none."""

    clock: FakeClock
    records: Callable[[dict[str, Any]], list[dict[str, Any]]] = lambda _: []
    faults: list[str | None] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    token_seconds: int = 1800
    datas_as_text: bool = False
    release: threading.Event = field(default_factory=threading.Event)
    secret: bytes = b""
    refresh_secret: bytes = b""
    tokens_given: int = 0
    url: str = ""
    extra_total: int = 0

    def page_calls(self) -> list[Received]:
        return [one for one in self.received if one.path.endswith("/query")]

    def token_calls(self) -> list[str]:
        return [one.path for one in self.received if not one.path.endswith("/query")]

    def new_token(self) -> tuple[str, int]:
        self.tokens_given += 1
        self.secret = f"Working-Secret-{self.tokens_given}".encode()
        self.refresh_secret = f"Refresh-Secret-{self.tokens_given}".encode()
        return self.secret.decode(), int(self.clock.at.timestamp() + self.token_seconds) * 1000


@contextmanager
def serving(registry: RegistryServer) -> Iterator[RegistryServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(registry))
    server.daemon_threads = True
    registry.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield registry
    finally:
        registry.release.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


def _handler(registry: RegistryServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            is_json = self.headers["Content-Type"].startswith("application/json")
            fields = json.loads(raw) if is_json else dict(parse_qsl(raw.decode()))
            headers = {name.lower(): value for name, value in self.headers.items()}
            registry.received.append(Received(self.path, headers, raw, fields))
            _answer(registry, self, fields, headers)

        def log_message(self, format: str, *args: Any) -> None:
            return

    return Handler


def _answer(
    registry: RegistryServer, call: BaseHTTPRequestHandler, fields: dict[str, Any], headers: dict[str, str]
) -> None:
    national = call.path.startswith("/national/")
    verb = call.path.rsplit("/", 1)[-1]
    key = {"token": APP_SECRET, "by_key": APP_SECRET, "by_secret": registry.refresh_secret}.get(
        verb, registry.secret
    )
    good = _hmac_is_good({**headers, **fields}, key) if national else _md5_is_good(fields, key)
    if not good:
        return _send(call, 200, _envelope(national, "E-101", [], 0, registry))
    if verb != "query":
        return _send(call, 200, _token(registry, national))
    fault = registry.faults.pop(0) if registry.faults else None
    return _page(registry, call, fields, national, fault)


def _hmac_is_good(stated: dict[str, Any], key: bytes) -> bool:
    message = f"{SID}{RID}{stated.get('gjgxjhpt_rtime')}".encode()
    expected = base64.b64encode(hmac.digest(key, message, "sha256")).decode()
    return bool(stated.get("gjgxjhpt_sign") == expected and stated.get("gjgxjhpt_rid") == RID)


def _md5_is_good(fields: dict[str, Any], key: bytes) -> bool:
    text = "hedui-key" + key.decode().lower() + str(fields.get("requestTime"))
    return bool(fields.get("sign") == hashlib.md5(text.encode(), usedforsecurity=False).hexdigest())


def _token(registry: RegistryServer, national: bool) -> bytes:
    secret, ends = registry.new_token()
    if national:
        padder = padding.PKCS7(128).padder()
        block = Cipher(algorithms.AES(APP_SECRET), modes.ECB()).encryptor()  # noqa: S305  (the form of the service we stand in for)
        hidden = block.update(padder.update(secret.encode()) + padder.finalize()) + block.finalize()
        found = {"secret": base64.b64encode(hidden).decode(), "secretEndTime": ends}
        return json.dumps({"status": "success", "code": "0", "result": found}).encode()
    datas = {
        "requestSecret": secret,
        "requestSecretEndTime": ends,
        "refreshSecret": registry.refresh_secret.decode(),
        "refreshSecretEndTime": ends + 86_400_000,
    }
    return json.dumps({"code": "00", "datas": json.dumps(datas)}).encode()


def _envelope(
    national: bool, code: str, rows: list[dict[str, Any]], total: int, registry: RegistryServer
) -> bytes:
    if national:
        good = code == "0"
        answer: dict[str, Any] = {"status": "success" if good else "error", "code": code}
        answer |= (
            {"result": {"total": total, "rows": rows}} if good else {"errormsg": "张三 730101199001011234"}
        )
        return json.dumps(answer, ensure_ascii=False).encode()
    datas: Any = json.dumps(rows, ensure_ascii=False) if registry.datas_as_text else rows
    return json.dumps({"code": code, "msg": "张三", "dataCount": total, "datas": datas}).encode()


def _page(
    registry: RegistryServer,
    call: BaseHTTPRequestHandler,
    fields: dict[str, Any],
    national: bool,
    fault: str | None,
) -> None:
    rows = registry.records(fields)
    size = int(fields["limit"] if national else fields["pageSize"])
    first = int(fields["start"]) if national else (int(fields["pageNo"]) - 1) * size
    good = "0" if national else "00"
    if fault == "grow":
        registry.extra_total += 1
    rows = rows + [{"late": number} for number in range(registry.extra_total)]
    shown = rows[:size] if fault == "same page" else rows[first : first + size]
    shown = shown[:-1] if fault == "record missing" else shown
    body = _envelope(national, good, shown, len(rows), registry)
    if fault and fault.startswith("code "):
        body = _envelope(national, fault.removeprefix("code "), [], 0, registry)
    if fault == "html":
        body = b"<html>busy</html>"
    if fault in ("stall", "cut"):
        return _half(registry, call, body, stall=fault == "stall")
    status, extra = {
        "429": (429, {}),
        "429 wait 7": (429, {"Retry-After": "7"}),
        "429 wait 9999": (429, {"Retry-After": "9999"}),
        "500": (500, {}),
        "503": (503, {}),
        "503 wait 7": (503, {"Retry-After": "7"}),
        "403": (403, {}),
        "404": (404, {}),
        "redirect": (302, {"Location": "http://127.0.0.1:9/elsewhere"}),
        "gzip": (200, {"Content-Encoding": "gzip"}),
    }.get(fault or "", (200, {}))
    return _send(call, status, body, extra)


def _send(
    call: BaseHTTPRequestHandler, status: int, body: bytes, extra: dict[str, str] | None = None
) -> None:
    call.send_response(status)
    for name, value in (extra or {}).items():
        call.send_header(name, value)
    call.send_header("Content-Length", str(len(body)))
    call.end_headers()
    call.wfile.write(body)


def _half(registry: RegistryServer, call: BaseHTTPRequestHandler, body: bytes, *, stall: bool) -> None:
    """Half a page; then silence until the test ends, or the end of the connection."""
    call.send_response(200)
    call.send_header("Content-Length", str(len(body)))
    call.end_headers()
    call.wfile.write(body[: len(body) // 2])
    call.wfile.flush()
    if stall:
        registry.release.wait(3)
    call.close_connection = True
