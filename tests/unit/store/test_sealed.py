"""Sealed files: what was written is what is read, and nothing else is ever read; keys are wrapped, turned and destroyed."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.base.errors import Erased, KeyMissing, SecretUnsafe, StoreCorrupt
from pipelines.base.settings import Where
from pipelines.run.keyring import first_key, keyring, new_key, rotate
from pipelines.store import sealed
from pipelines.store.lake import Lake
from pipelines.store.sealed import CHUNK, HEADER_BYTES, MAGIC, TAG_BYTES, CipherName, DataKey, Opened, Sealer
from pipelines.store.vault import Vault, open_vault

KEYS = [DataKey(cipher=cipher, secret=bytes(range(32))) for cipher in CipherName]
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
EDGES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7]


def write(path: Path, data: bytes, key: DataKey | None) -> None:
    path.unlink(missing_ok=True)
    with Sealer(path, key) as file:
        file.write(data)


def whole(path: Path, key: DataKey) -> bytes:
    with Opened(path, lambda: key) as file:
        return b"".join(file.blocks())


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return open_vault(Where.of({"home": str(tmp_path / "home")}))


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.cipher)
@pytest.mark.parametrize("size", EDGES)
def test_what_was_sealed_is_what_is_opened(tmp_path: Path, key: DataKey, size: int) -> None:
    path, data = tmp_path / "f", bytes(n % 251 for n in range(size))
    write(path, data, key)
    assert path.read_bytes().startswith(MAGIC)
    assert whole(path, key) == data
    with Opened(path, lambda: key) as file:
        assert (file.size, file.seek(max(0, size - 5)), file.read()) == (size, max(0, size - 5), data[-5:])


@SLOW
@given(steps=st.lists(st.tuples(st.integers(0, 2 * CHUNK + 99), st.integers(-1, CHUNK + 9)), max_size=8))
def test_it_is_read_at_any_place_as_a_file_in_memory_is(tmp_path: Path, steps: list[tuple[int, int]]) -> None:
    path, data = tmp_path / "f", bytes(n % 241 for n in range(2 * CHUNK + 33))
    if not path.exists():
        write(path, data, KEYS[0])
    plain = io.BytesIO(data)
    with Opened(path, lambda: KEYS[0]) as file:
        for offset, size in steps:
            plain.seek(offset)
            file.seek(offset)
            assert file.read(size) == plain.read(size)


@SLOW
@given(place=st.integers(0, 10**6), bit=st.integers(0, 7), cipher=st.sampled_from(KEYS))
def test_a_flipped_bit_is_never_read_as_data(tmp_path: Path, place: int, bit: int, cipher: DataKey) -> None:
    path, data = tmp_path / "f", b"x" * 300
    write(path, data, cipher)
    broken = bytearray(path.read_bytes())
    broken[place % len(broken)] ^= 1 << bit
    path.write_bytes(broken)
    try:
        found = whole(path, cipher)
    except StoreCorrupt:
        return
    # Without its mark the file is read as it lies: the digest that whoever reads it checks is another.
    assert place % len(broken) < len(MAGIC) and found == bytes(broken)


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "the last chunk cut off": lambda data: data[: HEADER_BYTES + 2 * (CHUNK + TAG_BYTES)],
    "all chunks cut off": lambda data: data[:HEADER_BYTES],
    "the header cut": lambda data: data[: HEADER_BYTES - 1],
    "two chunks swapped": lambda data: (
        data[:HEADER_BYTES]
        + data[HEADER_BYTES + CHUNK + TAG_BYTES : HEADER_BYTES + 2 * (CHUNK + TAG_BYTES)]
        + data[HEADER_BYTES : HEADER_BYTES + CHUNK + TAG_BYTES]
        + data[HEADER_BYTES + 2 * (CHUNK + TAG_BYTES) :]
    ),
    "a chunk doubled": lambda data: data[: HEADER_BYTES + CHUNK + TAG_BYTES] + data[HEADER_BYTES:],
    "bytes added": lambda data: data + b"x",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_chunks_cannot_be_cut_moved_or_added(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "f"
    write(path, b"y" * (2 * CHUNK + 5), KEYS[0])
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(StoreCorrupt):
        whole(path, KEYS[0])


def test_the_same_bytes_never_look_the_same_and_another_key_opens_nothing(tmp_path: Path) -> None:
    one, other = tmp_path / "1", tmp_path / "2"
    write(one, b"same", KEYS[0])
    write(other, b"same", KEYS[0])
    assert one.read_bytes()[HEADER_BYTES:] != other.read_bytes()[HEADER_BYTES:]
    with pytest.raises(StoreCorrupt):
        whole(one, DataKey(cipher=CipherName.AES, secret=bytes(32)))


def test_a_file_written_without_a_key_is_read_as_it_lies(tmp_path: Path) -> None:
    write(tmp_path / "f", b"page", None)
    assert (tmp_path / "f").read_bytes() == b"page" == whole(tmp_path / "f", KEYS[0])


def test_the_digest_is_of_the_plaintext(tmp_path: Path) -> None:
    with Sealer(tmp_path / "1", KEYS[0]) as a, Sealer(tmp_path / "2", None) as b:
        for part in (b"ab", b"", b"c" * 9):
            a.write(part)
            b.write(part)
    assert (a.digest, a.size) == (b.digest, b.size)


def test_delivered_bytes_lie_sealed_under_the_digest_of_their_plaintext(tmp_path: Path, vault: Vault) -> None:
    lake = Lake(tmp_path / "home" / "lake", vault)
    (tmp_path / "a.csv").write_bytes("张三,730102196807011236".encode())
    digest = lake.put_file(tmp_path / "a.csv")
    assert lake.get_bytes(digest) == (tmp_path / "a.csv").read_bytes()
    assert b"7301" not in lake.bytes_path(digest).read_bytes()
    assert b"".join(lake.content(digest).blocks()) == lake.get_bytes(digest)


def test_of_rivals_for_a_unit_all_take_one_key_and_it_is_only_readable_by_its_owner(vault: Vault) -> None:
    assert vault.key_for("lake/a") == Vault(vault.folder, vault.master).key_for("lake/a")
    assert vault.key_for("lake/a") != vault.key_for("lake/b")
    assert vault.path("lake/a").stat().st_mode & 0o077 == 0


def test_a_wrapped_key_is_bound_to_its_unit(vault: Vault) -> None:
    vault.key_for("lake/a")
    vault.path("lake/b").write_bytes(vault.path("lake/a").read_bytes())
    with pytest.raises(StoreCorrupt, match="was changed"):
        vault.key("lake/b")


def test_a_destroyed_key_is_gone_for_good_and_says_under_which_order(vault: Vault) -> None:
    secret = vault.key_for("lake/a").secret
    wrapped = vault.path("lake/a").read_bytes()
    vault.destroy("lake/a", "民字 7号")
    vault.destroy("lake/a", "another")
    for ask in (vault.key, vault.key_for):
        with pytest.raises(Erased, match="under order 民字 7号"):
            ask("lake/a")
    left = [path.read_bytes() for path in vault.folder.parent.rglob("*") if path.is_file()]
    assert not any(wrapped.split()[3] in data or secret in data for data in left)
    assert vault.is_destroyed("lake/a") and vault.known("lake/a") is None


def test_a_key_that_is_not_there_is_no_erasure(vault: Vault) -> None:
    with pytest.raises(StoreCorrupt, match="is not there"):
        vault.key("lake/none")


def test_the_master_key_turns_and_everything_is_still_read(tmp_path: Path) -> None:
    where = {"home": str(tmp_path / "home")}
    vault = open_vault(Where.of(where))
    before = {unit: vault.key_for(unit) for unit in ("lake/a", "lake/b", "join")}
    hashed, old = vault.keyed_hash("730102196807011236"), vault.master.read_bytes()
    vault.destroy("lake/b", "1")
    name, count = rotate(where)
    assert (count, keyring(where).master_id) == (2, name)
    assert vault.key("lake/a") == before["lake/a"] and vault.keyed_hash(" 730102196807011236") == hashed
    assert old not in vault.master.read_bytes() and vault.is_destroyed("lake/b")
    vault.master.write_bytes(old)
    vault.master.chmod(0o600)
    with pytest.raises(KeyMissing, match=f"master key {name}"):
        vault.key("lake/a")


def test_a_rotation_stopped_at_any_key_is_done_again(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {unit: vault.key_for(unit) for unit in ("a", "b", "c")}
    real = Vault._rewrap

    def stopped(self: Vault, unit: str) -> bool:
        if unit == "b":
            raise KeyboardInterrupt
        return real(self, unit)

    monkeypatch.setattr(Vault, "_rewrap", stopped)
    with pytest.raises(KeyboardInterrupt):
        vault.rotate()
    assert {unit: vault.key(unit) for unit in before} == before
    monkeypatch.setattr(Vault, "_rewrap", real)
    vault.rotate()
    assert {unit: vault.key(unit) for unit in before} == before
    assert len(vault.master_ids()) == 1


def test_a_named_master_key_is_never_made_and_must_be_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = {"home": str(tmp_path / "home")}
    monkeypatch.setenv("HEDUI_MASTER_KEY", str(tmp_path / "elsewhere" / "m.key"))
    with pytest.raises(SecretUnsafe):
        open_vault(Where.of(where)).key_for("lake/a")
    new_key(tmp_path / "elsewhere" / "m.key")
    with pytest.raises(SecretUnsafe, match="there already"):
        new_key(tmp_path / "elsewhere" / "m.key")
    assert open_vault(Where.of(where)).key_for("lake/a")
    assert first_key(where) is None
    (tmp_path / "elsewhere" / "m.key").write_text("no key\n")
    with pytest.raises(KeyMissing, match="holds no master key"):
        open_vault(Where.of(where)).key("lake/a")


def test_the_homes_own_master_key_is_made_once(tmp_path: Path) -> None:
    where = {"home": str(tmp_path / "home")}
    made = first_key(where)
    assert made and made.stat().st_mode & 0o077 == 0 and first_key(where) is None


def test_the_cipher_is_a_switch_and_what_was_sealed_before_stays_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = Where.of({"home": str(tmp_path / "home")})
    (tmp_path / "1.csv").write_bytes(b"1")
    (tmp_path / "2.csv").write_bytes(b"2")
    first = Lake(where.lake_root, open_vault(where)).put_file(tmp_path / "1.csv")
    monkeypatch.setenv("HEDUI_CIPHER", "sm4-gcm")
    lake = Lake(where.lake_root, open_vault(where))
    second = lake.put_file(tmp_path / "2.csv")
    assert lake.bytes_path(second).read_bytes()[len(MAGIC)] == sealed._CODES[CipherName.SM4]
    assert (lake.get_bytes(first), lake.get_bytes(second)) == (b"1", b"2")
    monkeypatch.setenv("HEDUI_CIPHER", "rot13")
    with pytest.raises(KeyMissing, match="rot13"):
        open_vault(where)
