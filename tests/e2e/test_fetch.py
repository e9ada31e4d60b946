"""`hedui fetch` against a mounted folder, a real SFTP server and a real HTTP service, and a month of what came."""

import gzip
import json
import re
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.base.ids import short_id
from pipelines.run.published import published_run, read_table
from pipelines.run.shop import landing_code
from pipelines.sources.spec import spec_digest
from tests.e2e.village import MONTH, Hedui, only, terminal, village
from tests.unit.run.parts import drop
from tests.unit.sources.connectors.asking import NATIONAL
from tests.unit.sources.connectors.deliveries import secret
from tests.unit.sources.connectors.fake_clock import BEIJING, FakeClock
from tests.unit.sources.connectors.registry_server import APP_SECRET, RegistryServer, serving
from tests.unit.sources.connectors.sftp_server import PASSWORD, USER, SftpServer

pytestmark = pytest.mark.xdist_group("fetch")


@pytest.fixture
def hedui(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Hedui:
    return terminal(monkeypatch, capsys)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A city's own folder, with no connector yet."""
    (tmp_path / "own/connectors").mkdir(parents=True)
    monkeypatch.setenv("HEDUI_SOURCES", str(tmp_path / "own"))
    (tmp_path / "inbox").mkdir()
    return tmp_path / "own"


@pytest.fixture
def service() -> Iterator[RegistryServer]:
    """A bank query service that lives today, with three records of whoever is asked about."""
    clock = FakeClock()
    clock.at = datetime.now(BEIJING)
    with serving(RegistryServer(clock, records=lambda _: [{"n": n} for n in range(3)])) as server:
        yield server


def connect(own: Path, source: str, **settings: Any) -> None:
    (own / f"connectors/{source}.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")


def by_sftp(own: Path, server: SftpServer, **changes: Any) -> None:
    word = secret(own, PASSWORD.encode(), name="sftp") if not (own / "sftp").exists() else own / "sftp"
    stated = {"host": "127.0.0.1", "port": server.port, "user": USER, "folder": "/vehicle"}
    secrets = {"host_keys": [server.public_key], "secret_file": str(word)}
    connect(own, "vehicle", kind="sftp", **{**stated, **secrets, **changes})


def fetch(hedui: Hedui, own: Path, *words: object, month: str = MONTH) -> tuple[int, str]:
    places = ("--month", month, "--inbox", own.parent / "inbox", "--home", own.parent / "home")
    return hedui("fetch", *words, *places)


def told(said: str, source: str) -> list[str]:
    """The line of a source, cut at runs of spaces."""
    (line,) = [line for line in said.splitlines() if line.startswith(f"{source} ")]
    return re.split(r" {2,}", line.strip())


def test_what_was_fetched_over_sftp_and_from_a_folder_is_run_as_if_brought_by_hand(
    own: Path, hedui: Hedui, tmp_path: Path
) -> None:
    (tmp_path / "inbox").rmdir()
    inbox = village(tmp_path)
    only(inbox, "vehicle", "pension_res")
    offered, share = tmp_path / "offered", tmp_path / "share"
    offered.mkdir()
    shutil.move(inbox / "vehicle", offered / "vehicle")
    shutil.move(inbox / "pension_res", share)
    connect(own, "pension_res", kind="drop_folder", folder=str(share))
    with SftpServer(offered) as server:
        by_sftp(own, server)
        code, said = fetch(hedui, own)
        assert code == 0, said
        again, second = fetch(hedui, own, "vehicle")
    vehicle = told(said, "vehicle")
    assert vehicle[:4] == ["vehicle", "fetched", "2", "284"]
    assert vehicle[-1] == "20261005_01 20261006_01"
    assert told(said, "pension_res")[:2] == ["pension_res", "fetched"]
    assert told(said, "tax") == ["tax", "delivered by hand"]
    assert (again, told(second, "vehicle")[:2]) == (0, ["vehicle", "nothing new"])
    code, said = hedui("run", "--month", MONTH, "--inbox", inbox, "--home", tmp_path / "home")
    assert code == 0, said
    run = published_run(MONTH, {"home": str(tmp_path / "home"), "jurisdiction": "demo"})
    status = read_table(run, "source_status").to_pylist()
    checked = {row["source"] for row in status if row["status"] != "not_checked"}
    assert checked >= {"vehicle", "pension_res"}
    assert "vehicle_owned" in read_table(run, "flag")["code"].to_pylist()


def test_a_service_is_asked_about_those_whose_landed_authorisation_holds_and_about_nobody_else(
    own: Path, hedui: Hedui, service: RegistryServer, tmp_path: Path
) -> None:
    today = f"{datetime.now(BEIJING):%Y%m%d}"
    month = f"{today[:4]}-{today[4:6]}"
    forms = "".join(
        f"<sq><sqbh>SQ{number}</sqbh><jtbh>CS00000033</jtbh><xm>{name}</xm><zjhm>{id18}</zjhm><fw>{scope}</fw>"
        f"<qsrq>2020-01-01</qsrq><yxqz>{until}</yxqz><chrq></chrq></sq>"
        for number, name, id18, scope, until in (
            (1, "陆清", "73180219540907041X", "all", "2099-12-31"),
            (2, "伍明", "731802196003150182", "bank,tax", "2099-12-31"),
            (3, "王芳", "730701195001010016", "tax", "2099-12-31"),
            (4, "张军", "730701196203040024", "all", "2020-12-31"),
        )
    )
    data = gzip.compress(f'<?xml version="1.0" encoding="UTF-8"?><sqs>{forms}</sqs>'.encode(), mtime=0)
    drop(tmp_path / "inbox", "authorisation", f"{today}_01", f"核对授权_{today}.xml.gz", data, 4, today)
    word = secret(own, APP_SECRET, name="app-secret")
    signing = {**NATIONAL["signing"], "secret_file": str(word)}
    connect(own, "bank", kind="http_api", url=service.url, **{**NATIONAL, "signing": signing})
    code, said = fetch(hedui, own, "bank", "--json", month=month)
    assert code == 0, said
    (bank,) = json.JSONDecoder().raw_decode(said)[0]
    assert {key: bank[key] for key in ("files", "rows", "not_sent", "remaining")} == {
        "files": 2,
        "rows": 6,
        "not_sent": 2,
        "remaining": 0,
    }
    assert [call.fields["wsbh"] for call in service.page_calls()] == ["SQ1", "SQ2"]
    assert "陆清" not in said
    assert "7318021954" not in said
    # Recorded before they were asked about: their household, never their number.
    code, said = hedui("access", "list", "--json", "--home", own.parent / "home")
    (look,) = json.loads(said)
    asked = short_id("H", "demo", "CS00000033")
    assert (look["verb"], look["item"], look["households"]) == ("fetch", "bank", [asked])
    # The source's own form has no sign-off: landing would take one for a page.
    pages = sorted(path.name for path in (tmp_path / "inbox" / bank["deliveries"][0]).iterdir())
    assert pages == ["page_0001.json", "page_0002.json"]


def test_without_a_landed_list_of_authorisations_nobody_is_asked(
    own: Path, hedui: Hedui, service: RegistryServer
) -> None:
    word = secret(own, APP_SECRET, name="app-secret")
    signing = {**NATIONAL["signing"], "secret_file": str(word)}
    connect(own, "bank", kind="http_api", url=service.url, **{**NATIONAL, "signing": signing})
    code, said = fetch(hedui, own, "bank")
    assert code == 11
    assert "no list of authorisations" in said
    assert "put it into the inbox first" in said
    assert service.received == []


def test_a_server_that_is_down_does_not_keep_the_others_from_being_fetched(
    own: Path, hedui: Hedui, tmp_path: Path
) -> None:
    with SftpServer(tmp_path) as server:
        by_sftp(own, server)
    share = tmp_path / "share"
    drop(share.parent, "share", "20261006_01", "x.txt", b"a\n", 1, "20261006")
    connect(own, "pension_res", kind="drop_folder", folder=str(share))
    code, said = fetch(hedui, own, "vehicle", "pension_res")
    assert code == 70
    assert told(said, "vehicle") == ["vehicle", "failed", "SourceUnreachable"]
    assert told(said, "pension_res")[:2] == ["pension_res", "fetched"]
    assert "remedy" in said
    assert [path.name for path in (tmp_path / "inbox/vehicle").iterdir()] == []


def test_a_secret_that_is_not_there_or_that_others_may_read(own: Path, hedui: Hedui, tmp_path: Path) -> None:
    with SftpServer(tmp_path) as server:
        by_sftp(own, server, secret_file=str(own / "nowhere"))
        code, said = fetch(hedui, own, "vehicle")
        assert code == 72
        assert "nowhere" in said
        assert "mode 600" in said
        open_to_all = secret(own, b"x", name="open", mode=0o644)
        by_sftp(own, server, secret_file=str(open_to_all))
        code, said = fetch(hedui, own, "vehicle")
        assert (code, "chmod 600" in said) == (72, True)


def test_a_source_that_does_not_exist_and_a_setting_that_is_wrong(own: Path, hedui: Hedui) -> None:
    code, said = fetch(hedui, own, "vehicles")
    assert code == 33
    assert "no source is called [vehicles]" in said
    assert "vehicle" in said.split("one of:")[1]
    connect(own, "vehicle", kind="drop_folder", folder="/mnt/x", folders="y")
    code, said = fetch(hedui, own, "vehicle")
    assert code == 12
    assert "connectors/vehicle.yaml" in said
    assert "folders" in said
    connect(own, "vehicles", kind="none")
    code, said = fetch(hedui, own, "tax")
    assert code == 12
    assert "connectors for sources that do not exist: ['vehicles']" in said


def test_a_password_in_a_setting_is_refused_and_not_repeated(own: Path, hedui: Hedui) -> None:
    connect(
        own, "tax", kind="database", url="postgresql+psycopg://u:geheim@h/db", query="q.sql", file_name="t"
    )
    code, said = fetch(hedui, own, "tax")
    assert code == 12
    assert "secret_file" in said
    assert "geheim" not in said


def test_the_city_s_word_replaces_that_of_the_yaml_and_neither_changes_what_the_bytes_mean(
    own: Path, hedui: Hedui, tmp_path: Path
) -> None:
    sample = tmp_path / "loans_20261006.csv"
    sample.write_text("姓名,身份证号,余额\n张建国,730701195001010016,1200.50\n", encoding="utf-8")
    assert hedui("sources", "new", "loans", "--from", sample)[0] == 0
    path = own / "loans.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("sign_off: ''", "sign_off: .ok"), encoding="utf-8"
    )
    before = (spec_digest("loans"), landing_code())
    with path.open("a", encoding="utf-8") as yaml_file:
        yaml_file.write("connector: {kind: drop_folder, folder: /nowhere/at/all}\n")
    code, said = fetch(hedui, own, "loans")
    assert (code, "is the address right" in said or "/nowhere" in said) == (70, True), said
    connect(own, "loans", kind="none")
    assert (spec_digest("loans"), landing_code()) == before
    code, said = fetch(hedui, own, "loans")
    assert (code, told(said, "loans")) == (0, ["loans", "delivered by hand"])
