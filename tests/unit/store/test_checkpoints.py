"""Signed checkpoints: their text, their key, and that nothing is signed which the last one does not lead to."""

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from pipelines.base.errors import EvidenceBroken, SecretUnsafe
from pipelines.base.settings import Where
from pipelines.store import merkle
from pipelines.store.checkpoints import checkpoint_files, log_leaves, sign
from pipelines.store.ledger import Ledger
from pipelines.store.note import (
    Checkpoint,
    NoteRefused,
    opened,
    public_of,
    public_text,
    raw_public,
    signed,
)
from pipelines.store.signing import public_key_file, signing_key
from tests.unit.store.filled import fill_case

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = raw_public(KEY.public_key())
SAID = Checkpoint(size=5, root=merkle.leaf_hash(b"x"), run_id="R-1")


@pytest.fixture
def where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Where:
    monkeypatch.delenv("HEDUI_SIGNING_KEY", raising=False)
    monkeypatch.delenv("HEDUI_CHECKPOINTS", raising=False)
    return Where.of({"home": str(tmp_path / "home"), "jurisdiction": "demo"})


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Ledger:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    if request.param == "postgresql":
        url = str(request.getfixturevalue("postgres_url"))
    opened_ledger = Ledger(url)
    fill_case(opened_ledger)
    return opened_ledger


def test_a_checkpoint_is_five_lines_anybody_can_read() -> None:
    lines = signed(SAID, KEY).split("\n")
    assert lines[:2] == ["hedui/ledger", "5"]
    assert base64.b64decode(lines[2]) == SAID.root
    assert lines[3:5] == ["run R-1", ""]
    assert lines[5].startswith("— hedui/ledger ")
    assert len(base64.b64decode(lines[5].split(" ")[2])) == 4 + 64
    assert opened(signed(SAID, KEY), PUBLIC) == SAID


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\n5\n", "\n6\n"),
        ("\n5\n", "\n05\n"),
        ("run R-1", "run R-2"),
        ("hedui/ledger\n5", "hedui/other\n5"),
        ("— hedui/ledger", "— hedui/other"),
        ("— ", "- "),
        ("\n\n", "\n"),
        ("=\n", "\n"),
    ],
)
def test_a_checkpoint_that_says_it_otherwise_is_refused(before: str, after: str) -> None:
    text = signed(SAID, KEY)
    assert before in text
    with pytest.raises(NoteRefused):
        opened(text.replace(before, after), PUBLIC)


def test_a_signature_in_other_bits_that_decode_alike_is_refused() -> None:
    text = signed(SAID, KEY)
    last = text[-3]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    twin = text[:-3] + alphabet[alphabet.index(last) + 1] + text[-2:]
    assert base64.b64decode(twin.split(" ")[-1]) == base64.b64decode(text.split(" ")[-1])
    with pytest.raises(NoteRefused, match="as it is written"):
        opened(twin, PUBLIC)


def test_anothers_signature_is_refused() -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    with pytest.raises(NoteRefused, match="another key"):
        opened(signed(SAID, other), PUBLIC)


def test_a_public_key_is_one_line_that_checks_itself() -> None:
    line = public_text(PUBLIC)
    assert public_of(line) == public_of(line + "\n") == PUBLIC
    for wrong in ("", "hedui/ledger", line[:-1], line.replace("hedui/ledger", "other"), line + "A"):
        with pytest.raises(NoteRefused):
            public_of(wrong)


def test_the_key_is_made_once_for_its_owner_alone(where: Where) -> None:
    first, again = signing_key(where), signing_key(where)
    assert (first.is_new, again.is_new) == (True, False)
    assert first.public == again.public == public_of(public_key_file(where).read_text())
    private = where.home / "keys" / "checkpoint.pem"
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert stat.S_IMODE(private.parent.stat().st_mode) == 0o700


def test_rivals_for_the_first_key_get_the_same_one(where: Where) -> None:
    with ThreadPoolExecutor(4) as pool:
        keys = {key.public for key in pool.map(lambda _: signing_key(where), range(4))}
    assert len(keys) == 1


def test_a_key_that_others_may_read_or_that_is_none_is_refused(
    where: Where, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = tmp_path / "key.pem"
    monkeypatch.setenv("HEDUI_SIGNING_KEY", str(named))
    with pytest.raises(SecretUnsafe):
        signing_key(where)
    pem = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    named.write_bytes(pem)
    named.chmod(0o644)
    with pytest.raises(SecretUnsafe, match="others may read it"):
        signing_key(where)
    named.chmod(0o600)
    assert signing_key(where).public == PUBLIC
    rsa = generate_private_key(public_exponent=65537, key_size=2048)
    for other in (b"no key", rsa.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())):
        named.write_bytes(other)
        with pytest.raises(SecretUnsafe, match="no Ed25519"):
            signing_key(where)


def test_each_run_signs_what_the_log_has_become_and_nothing_twice(ledger: Ledger, where: Where) -> None:
    key = signing_key(where)
    first = sign(ledger, where.checkpoints, key, "R1")
    assert sign(ledger, where.checkpoints, key, "R2") == first
    ledger.publish("R1", "demo", "2026-10")
    second = sign(ledger, where.checkpoints, key, "R2")
    assert (first.number, second.number) == (1, 2)
    assert second.checkpoint.size == first.checkpoint.size + 1
    assert second.checkpoint.root == merkle.root(log_leaves(ledger))
    assert list(checkpoint_files(where.checkpoints)) == [1, 2]


def test_checkpoints_lie_where_they_are_wanted(
    ledger: Ledger, where: Where, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEDUI_CHECKPOINTS", str(tmp_path / "elsewhere"))
    sign(ledger, where.checkpoints, signing_key(where), "R1")
    assert (tmp_path / "elsewhere" / "1.txt").is_file()


def test_a_checkpoint_of_another_key_is_not_built_upon(ledger: Ledger, where: Where) -> None:
    sign(ledger, where.checkpoints, signing_key(where), "R1")
    (where.home / "keys" / "checkpoint.pem").unlink()
    ledger.publish("R1", "demo", "2026-10")
    with pytest.raises(EvidenceBroken, match="another key signed it"):
        sign(ledger, where.checkpoints, signing_key(where), "R1")


def test_of_rivals_that_sign_each_checkpoint_extends_the_one_before(ledger: Ledger, where: Where) -> None:
    key = signing_key(where)

    def one(number: int) -> None:
        own = Ledger(ledger.url)
        own.add_files(f"bank/{number}", {"a.csv": "a" * 64})
        sign(own, where.checkpoints, key, f"R{number}")
        own.engine.dispose()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(one, range(12)))
    files = checkpoint_files(where.checkpoints)
    said = [opened(path.read_text(encoding="utf-8"), key.public) for path in files.values()]
    sizes = [checkpoint.size for checkpoint in said]
    assert list(files) == list(range(1, len(files) + 1))
    assert sizes == sorted(set(sizes))
    leaves = log_leaves(ledger)
    assert [checkpoint.root for checkpoint in said] == [merkle.root(leaves[:size]) for size in sizes]
    assert sizes[-1] == len(leaves)
