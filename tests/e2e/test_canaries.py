"""10,000 planted id numbers, in valid lines and in broken ones: none of them leaves the lake.

Logs, terminal, results of the tasks (XCom), ledger, alerts, reports, temporary files and error texts are searched for the
planted numbers and for every number of the deliveries themselves.
"""

from __future__ import annotations

import json
import logging
import random
import re
import tempfile
import traceback
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from dags.alerts import append, cause_of
from pipelines import run as shell
from pipelines.base.errors import HeduiError
from tests.e2e.village import LISTS, MONTH, terminal, village
from tests.fixtures.plain import plain_bytes
from tests.unit.run.parts import drop
from tests.unit.s1_land.parts import VEHICLE_HEADER, VEHICLE_LINE, text_file
from tests.unit.s4_link.link_cases import number

PLANTED = 10_000
_ID = re.compile(rb"(?<![0-9A-Za-z])(\d{17}[\dXx]|\d{15})(?![0-9A-Za-z])")
_LINE_ID = "730723200103261722"
_DAY = "20261007"


@dataclass
class Watched:
    """Everything that came out beside the lake, and the numbers that must not stand in it."""

    home: Path
    inbox: Path
    temp: Path
    planted: frozenset[str]
    delivered: frozenset[str]
    told: dict[str, str] = field(default_factory=dict)
    causes: set[str] = field(default_factory=set)


def canaries() -> list[str]:
    return [
        number(
            f"{1940 + at % 60}-{1 + at % 12:02d}-{1 + at % 28:02d}",
            f"{at % 1000:03d}",
            f"7399{at // 1000:02d}",
        )
        for at in range(PLANTED)
    ]


def line(at: int, id_no: str, **change: str) -> str:
    """A vehicle of this number's owner."""
    text = VEHICLE_LINE.format(no=f"7307{at:010d}", state=change.get("state", "A")).replace(_LINE_ID, id_no)
    for before, after in ((key, value) for key, value in change.items() if key != "state"):
        text = text.replace(before, after)
    return text


def plant(inbox: Path, ids: Iterator[str]) -> None:
    """Valid lines, lines with a number where a date, a code or a header belongs, and lines that cannot be read."""
    good = [line(at, next(ids)) for at in range(4_000)]
    odd_dates = [line(at + 5_000, next(ids)).replace("20190203", next(ids)) for at in range(500)]
    codes = [line(at, next(ids), state=next(ids)) for at in range(500)]
    headless = [line(at, next(ids)) for at in range(500)]
    cut = [line(at, next(ids)).rsplit(",", 6)[0] + "," + next(ids) for at in range(500)]
    long = [line(at, next(ids)) + f",{next(ids)},张建国" for at in range(500)]
    unsigned = [line(at, next(ids)) for at in range(500)]
    put(inbox, "01", [VEHICLE_HEADER, *good])
    put(inbox, "10", [VEHICLE_HEADER, *odd_dates])
    put(inbox, "02", [VEHICLE_HEADER, *codes])
    put(inbox, "03", headless)
    put(inbox, "04", [VEHICLE_HEADER, *cut])
    put(inbox, "05", [VEHICLE_HEADER, *long])
    broken = text_file([VEHICLE_HEADER]) + b"".join(
        f"{line(at, next(ids))}\xff\xfe\r\n".encode("latin-1", "replace") + b"\xff\r\n" for at in range(500)
    )
    drop(inbox, "vehicle", f"{_DAY}_06", f"VEH_FULL_{_DAY}.csv", broken, 1_000, _DAY)
    put(inbox, "07", [VEHICLE_HEADER, *unsigned], rows=7)
    quoted = [line(at, next(ids)).replace("五菱牌", f'"{next(ids)}') for at in range(250)]
    put(inbox, "08", [VEHICLE_HEADER, *quoted])
    rest = [line(at, one) for at, one in enumerate(ids)]
    put(inbox, "09", [VEHICLE_HEADER, *rest])


def put(inbox: Path, batch: str, lines: list[str], rows: int | None = None) -> None:
    count = len(lines) - 1 if rows is None else rows
    drop(inbox, "vehicle", f"{_DAY}_{batch}", f"VEH_FULL_{_DAY}.csv", text_file(lines), count, _DAY)


def cut_short(inbox: Path) -> None:
    """Of every registry its last batch once more, cut in the middle of the bytes and signed as if whole."""
    rng = random.Random(7)  # noqa: S311
    for source in sorted(path for path in inbox.iterdir() if path.name not in (*LISTS, "vehicle")):
        batch = max(source.iterdir())
        for path in sorted(batch.iterdir()):
            if path.suffix != ".ok":
                data = path.read_bytes()
                part = data[: rng.randrange(len(data) // 3, len(data) - 1)]
                drop(inbox, source.name, f"{batch.name[:8]}_77", path.name, part, 1, batch.name[:8])


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    out = tmp_path_factory.mktemp("canaries")
    inbox = village(out)
    ids = canaries()
    before = frozenset(numbers_in(content for path in inbox.rglob("*") for content in contents(path)))
    rest = iter(ids)
    plant(inbox, rest)
    assert next(rest, None) is None
    cut_short(inbox)
    (out / "tmp").mkdir()
    return Watched(home=out / "home", inbox=inbox, temp=out / "tmp", planted=frozenset(ids), delivered=before)


def contents(path: Path) -> Iterator[bytes]:
    """A file's bytes, and of a workbook or archive those of its parts."""
    if not path.is_file():
        return
    data = path.read_bytes()
    yield data
    if data[:2] == b"PK" and zipfile.is_zipfile(BytesIO(data)):
        with zipfile.ZipFile(BytesIO(data)) as archive:
            yield from (archive.read(name) for name in archive.namelist())


def numbers_in(found: Iterable[bytes]) -> set[str]:
    return {match.decode() for content in found for match in _ID.findall(content)}


def land_all(watched: Watched) -> None:
    """As the tasks do: what they answer goes to XCom, what they raise to the task's log and the alerts."""
    where = {"home": str(watched.home), "inbox": str(watched.inbox), "jurisdiction": "demo"}
    for source in sorted(path.name for path in watched.inbox.iterdir()):
        watched.told[f"find {source}"] = answered(watched, shell.find, source, MONTH, where)
        for batch in sorted(path.name for path in (watched.inbox / source).iterdir()):
            delivery = f"{source}/{batch}"
            watched.told[f"land {delivery}"] = answered(watched, shell.land, delivery, where)
        watched.told[f"settle {source}"] = answered(watched, shell.settle, source, MONTH, where)
    # A folder named after a person: the error names the folder.
    watched.told["a name"] = answered(watched, shell.land, f"vehicle/{min(watched.planted)}", where)


def answered(watched: Watched, work: Callable[..., Any], *given: object) -> str:
    try:
        result = work(*given)
    except HeduiError as error:
        watched.causes.add(error.cause)
        cause, sentence = cause_of(error)
        append(watched.home, {"cause": cause, "sentence": sentence})
        return traceback.format_exc() + repr(error) + str(error.__dict__)
    if isinstance(result, dict) and result.get("cause"):
        watched.causes.add(result["cause"])
    return json.dumps(result, ensure_ascii=False, default=str)


@pytest.fixture(scope="module")
def after(watched: Watched) -> Watched:
    """The month run over all of it, with the spoilt sources waived, and every listing a person may ask for."""
    context, logs = pytest.MonkeyPatch(), Recorded()
    logging.getLogger().addHandler(logs)
    context.setenv("TMPDIR", str(watched.temp))
    context.setattr(tempfile, "tempdir", None)
    context.setenv("HEDUI_USER", "tester")
    try:
        land_all(watched)
    finally:
        logging.getLogger().removeHandler(logs)
        context.undo()
        tempfile.tempdir = None
    watched.told["log"] = logs.text
    return watched


class Recorded(logging.Handler):
    """Every library's log line of any level, with its traceback, as Airflow's handler would write it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.text += logging.Formatter("%(message)s").format(record) + "\n"


def leaked(watched: Watched, found: Iterable[bytes]) -> set[str]:
    return numbers_in(found) & (watched.planted | watched.delivered)


def test_the_planted_lines_were_refused_for_many_reasons_and_the_good_ones_are_in_the_lake(
    after: Watched,
) -> None:
    assert after.causes >= {"UnknownCode", "MissingColumn", "WrongEncoding", "DigestWrong", "LayoutBroken"}
    assert '"status": "accepted"' in after.told[f"land vehicle/{_DAY}_01"]
    files = [path for path in (after.home / "lake").rglob("*") if path.is_file()]
    kept = b"".join(plain_bytes(after.home, path) for path in files)
    assert sum(one.encode() in kept for one in sorted(after.planted)[:500]) == 500


def test_even_in_the_lake_none_lies_open(after: Watched) -> None:
    files = [path for path in (after.home / "lake").rglob("*") if path.is_file()]
    assert len(files) > 100
    assert leaked(after, (path.read_bytes() for path in files)) == set()


def test_none_is_in_what_tasks_answer_raise_or_log(after: Watched) -> None:
    assert after.told["log"] is not None
    for what, said in after.told.items():
        assert not leaked(after, [said.encode()]), what
        assert "张建国" not in said, what


def test_none_is_left_anywhere_but_in_the_lake(after: Watched) -> None:
    files = [path for root in (after.home, after.temp) for path in root.rglob("*") if path.is_file()]
    beside = [path for path in files if not path.is_relative_to(after.home / "lake")]
    assert {"ledger.sqlite", "alerts.jsonl"} <= {path.name for path in beside}
    for path in beside:
        assert not leaked(after, contents(path)), path.name


def test_none_is_on_the_terminal_or_in_the_reports_of_the_month(
    after: Watched, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TMPDIR", str(after.temp))
    hedui = terminal(monkeypatch, capfd)
    at = ("--home", after.home)
    spoilt = sorted(path.name for path in after.inbox.iterdir() if path.name not in LISTS)
    waived = [word for source in spoilt for word in ("--without", source)]
    _, said = hedui("run", "--month", MONTH, "--inbox", after.inbox, *at)
    more = hedui("run", "--month", MONTH, "--inbox", after.inbox, *waived, *at)
    assert more[0] == 0, more[1]
    listings = [
        hedui(*words, *at) for words in (("deliveries",), ("candidates",), ("links",), ("access", "list"))
    ]
    for text in (said, more[1], *(text for _, text in listings)):
        assert not leaked(after, [text.encode()])
    beside = [path for path in after.home.rglob("*") if path.is_file() and "lake" not in path.parts]
    assert "index.html" in {path.name for path in beside}
    for path in (*beside, *(path for path in after.temp.rglob("*") if path.is_file())):
        assert not leaked(after, contents(path)), path.name


def test_a_fault_of_the_program_while_it_holds_a_row_tells_nothing_of_the_row(
    after: Watched, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    row = f"{min(after.planted)},张建国"

    def fail(*_: object, **__: object) -> None:
        raise ValueError(f"could not convert [{row}]")

    monkeypatch.setattr("pipelines.run.landing.land_stage", fail)
    hedui = terminal(monkeypatch, capfd)
    code, said = hedui("run", "--month", MONTH, "--inbox", after.inbox, "--home", after.home.parent / "other")
    assert (code, "ValueError at" in said) == (42, True)
    assert min(after.planted) not in said and "张建国" not in said
