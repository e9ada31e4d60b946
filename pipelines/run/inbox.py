"""The drop folder: `<inbox>/<source>/<yyyymmdd_nn>/<file>` with a sign-off beside each file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from pipelines.base.errors import DigestWrong, NotFound
from pipelines.base.files import OnDisk
from pipelines.base.period import Period
from pipelines.base.settings import Where
from pipelines.s1_land import DeliveredFile, Delivery, read_sign_off
from pipelines.sources.spec import SourceSpec, load_spec, source_names

_BATCH = re.compile(r"(\d{8})_\d{2}")


def find(source: str, month: str, where: Mapping[str, object] | None = None) -> list[str]:
    """The complete deliveries of a source that may speak about the month, as `<source>/<batch>`."""
    folder = Where.of(where).need_inbox() / source
    spec = load_spec(source)
    first, last = window(spec, Period.parse(month))
    if not folder.is_dir():
        return []
    batches = [
        entry for entry in sorted(folder.iterdir()) if _received_at(entry) and _is_complete(entry, spec)
    ]
    return [f"{source}/{batch.name}" for batch in batches if first <= (_received_at(batch) or first) <= last]


def window(spec: SourceSpec, period: Period) -> tuple[date, date]:
    """First and last day on which a delivery about the month is received."""
    return period.shift(-spec.months_back).first_day, period.cut_off(spec.grace_days)


def unread(where: Mapping[str, object] | None = None) -> list[str]:
    """What lies in the inbox and nobody reads: folders without a source, batches without a sign-off."""
    inbox = Where.of(where).need_inbox()
    found: list[str] = []
    for entry in sorted(inbox.iterdir()):
        if entry.name not in source_names():
            if entry.is_dir():
                found.append(f"{entry.name}/ (no source of this name)")
            continue
        spec = load_spec(entry.name)
        for batch in sorted(entry.iterdir()):
            if _received_at(batch) is None:
                found.append(f"{entry.name}/{batch.name} (not a batch folder yyyymmdd_nn)")
            elif not _is_complete(batch, spec):
                found.append(f"{entry.name}/{batch.name} (sign-off missing: not complete)")
    return found


def read_delivery(delivery: str, inbox: Path) -> Delivery:
    """The files of a batch folder with their sign-offs."""
    source, batch = delivery.split("/", 1)
    folder = inbox / source / batch
    received_at = _received_at(folder)
    if received_at is None or not folder.is_dir():
        raise NotFound(f"no delivery [{delivery}] in the inbox", place=str(inbox))
    suffix = load_spec(source).sign_off
    files = tuple(_delivered(path, suffix) for path in _data_files(folder, suffix))
    return Delivery(source=source, batch=batch, received_at=received_at, files=files)


def _delivered(path: Path, suffix: str) -> DeliveredFile:
    """A file with its sign-off; a sign-off that cannot be read is carried along and refuses the delivery."""
    data = OnDisk(path)
    if not suffix:
        return DeliveredFile(name=path.name, data=data, sign_off=None)
    try:
        text = _sign_off_path(path, suffix).read_text("utf-8", errors="replace")
        return DeliveredFile(name=path.name, data=data, sign_off=read_sign_off(text, file_name=path.name))
    except DigestWrong as error:
        return DeliveredFile(name=path.name, data=data, sign_off=None, sign_off_fault=error)


def _received_at(folder: Path) -> date | None:
    found = _BATCH.fullmatch(folder.name)
    if not found or not folder.is_dir():
        return None
    try:
        # A batch folder carries a local calendar day without a time zone.
        return datetime.strptime(found[1], "%Y%m%d").date()  # noqa: DTZ007
    except ValueError:
        return None


def _is_complete(folder: Path, spec: SourceSpec) -> bool:
    """Every file has its sign-off: the sender writes it last."""
    files = _data_files(folder, spec.sign_off)
    return bool(files) and all(
        not spec.sign_off or _sign_off_path(path, spec.sign_off).is_file() for path in files
    )


def _data_files(folder: Path, suffix: str) -> list[Path]:
    return [
        path for path in sorted(folder.iterdir()) if path.is_file() and not (suffix and path.suffix == suffix)
    ]


def _sign_off_path(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
