"""Stand-alone verifier of Hedui's evidence. It imports nothing of Hedui: Python 3.11 and `cryptography` are enough.

    python hedui_verify.py BUNDLE [--key KEY]
    python hedui_verify.py --ledger ledger.sqlite --checkpoints DIR --home DIR [--key KEY] [--master MASTER_KEY]
KEY: the public key as handed to you (a line or its file); the one beside the evidence shows only that all is by one hand.
MASTER_KEY (else the home's) opens sealed files. Exit code 0: all as recorded; 37: not, by name. See docs/evidence.md.
"""

import argparse
import base64
import hashlib
import json
import re
import runpy
import sqlite3
import sys
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ORIGIN, BROKEN, OWN = "hedui/ledger", 37, ("checkpoint.txt", "leaves.json", "keys/checkpoint.pub")
NOTE = re.compile(rf"\A({ORIGIN}\n(0|[1-9][0-9]*)\n([^\n]+)\nrun [^\n]*\n)\n— {ORIGIN} ([^\n]+)\n\Z")
TIME = re.compile(r"\A([0-9-]{10}) ([0-9:]{8}\.[0-9]{6})\Z")
ONCE = json.JSONDecoder(object_pairs_hook=lambda said: dict(said) if len(dict(said)) == len(said) else None)
CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=repr)
faults, counts, reading = list[str](), Counter[str](), [""]  # reading: the file at hand
erased = dict[str, str]()  # unit (partition or delivered file, below the home) → under which order
unseal: dict[str, Any] = {"opened": lambda path, *_: path.read_bytes(), "master": None}  # or hedui_unseal.py


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def tree(leaves: list[bytes]) -> bytes:  # MTH of RFC 9162, 2.1.1
    if len(leaves) <= 1:
        return leaves[0] if leaves else sha256()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01", tree(leaves[:split]), tree(leaves[split:]))


def climbed(at: int, size: int, leaf: bytes, proof: list[bytes]) -> bytes:
    if not 0 <= at < size or (size == 1) != (not proof):
        raise ValueError("a proof of another length")
    if at < (split := 1 << (size - 1).bit_length() - 1 if size > 1 else 0):
        return sha256(b"\x01", climbed(at, split, leaf, proof[:-1]), proof[-1])
    return sha256(b"\x01", proof[-1], climbed(at - split, size - split, leaf, proof[:-1])) if proof else leaf


def leaf_of(table: str, row: dict[str, Any]) -> bytes:
    said = {"row": {name: value for name, value in row.items() if value is not None}, "table": table}
    return sha256(b"\x00", CANONICAL.encode(said).encode())


def checkpoint(path: Path, key: str) -> tuple[int, bytes] | None:  # size and root, where the key signed them
    counts["checkpoints"] += 1
    try:
        name, number, coded = key.removesuffix("\n").split("+", 2)
        public = base64.b64decode(coded, validate=True)
        if (name, public[:1], number) != (ORIGIN, b"\x01", sha256(name.encode(), b"\n", public)[:4].hex()):
            raise ValueError("no public key of this log")
        [(body, size, root, text)] = NOTE.findall(path.read_bytes().decode())
        signature = base64.b64decode(text, validate=True)[4:]
        if base64.b64encode(bytes.fromhex(number) + signature).decode() != text:
            raise ValueError("signed by another key, or written otherwise")
        Ed25519PublicKey.from_public_bytes(public[1:]).verify(signature, body.encode())
        return int(size), base64.b64decode(root)
    except (ValueError, InvalidSignature) as error:
        faults.append(f"altered: checkpoint {path.name} or the key ({error or 'wrong signature'})")
        return None


def plain(kind: str, value: Any) -> Any:  # in the form in which it was logged
    if value is not None and type(value).__name__ != ("int" if kind == "INTEGER" else "str"):
        raise ValueError("another type")
    if value is None or kind not in ("JSON", "DATETIME"):
        return value
    return ONCE.decode(value) if kind == "JSON" else TIME.sub(r"\1T\2Z", value.replace("T", "?"))


def stored(ledger: sqlite3.Connection, table: str) -> Any:  # each row: table, key, values, leaf or empty
    columns = ledger.execute(f'PRAGMA table_info("{table}")').fetchall()
    keys = [name for _, name in sorted((column[5], column[1]) for column in columns if column[5])]
    for values in ledger.execute(f'SELECT * FROM "{table}"'):
        row, leaf = dict(zip((column[1] for column in columns), values, strict=True)), ""
        key = CANONICAL.encode([row[name] for name in keys])
        with suppress(ValueError, RecursionError):
            row = {column[1]: plain(column[2], row[column[1]]) for column in columns}
            leaf = leaf_of(table, row).hex()
        yield table, key, row, leaf


def check_ledger(ledger: sqlite3.Connection, checkpoints: Path, home: Path, key: str) -> None:
    ledger.text_factory = lambda data: data.decode(errors="surrogateescape")
    tables = {name for (name,) in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    rows = [row for table in tables - {"log_leaf", "alembic_version"} for row in stored(ledger, table)]
    log = ledger.execute("SELECT * FROM log_leaf ORDER BY position").fetchall()
    counts.update(rows=len(rows), leaves=len(log))
    leaves, hashes = {(table, name): leaf for table, name, _, leaf in rows}, []
    faults.extend(f"missing: log_leaf {at}" for at, entry in enumerate(log) if entry[0] != at)
    for at, table, name, said in log:
        leaf = leaves.pop((table, name), None)
        hashes.append(bytes.fromhex(leaf or ""))  # as the row says: an entry that says otherwise is told now
        if leaf != said:
            faults.append(f"{'missing' if leaf is None else 'altered'}: {table} {name} or log_leaf {at}")
    faults.extend(f"added: {table} {name} has no leaf" for table, name in leaves)
    before, numbers = 0, sorted(int(p.stem) for p in checkpoints.glob("[1-9]*.txt") if p.stem.isdecimal())
    faults.extend(
        f"missing: checkpoint {n}.txt" for n in range(1, max(numbers, default=0)) if n not in numbers
    )
    for number in numbers:
        size, root = checkpoint(checkpoints / f"{number}.txt", key) or (before, tree(hashes[:before]))
        if size > len(log):
            faults.append(f"rolled back: {number}.txt signed {size} rows, the ledger has {len(log)}")
        elif size < before or tree(hashes[:size]) != root:
            faults.append(f"forked or reordered: log_leaf {before} to {size - 1}: {number}.txt signed others")
            break
        before = size
    faults.extend(f"unsigned: publication {entry[2]}" for entry in log[before:] if entry[1] == "publication")
    orders = {row["order_id"]: row["order_no"] for table, _, row, _ in rows if table == "erasure_order"}
    erased.update((row["item"], orders[row["order_id"]]) for table, _, row, _ in rows if table == "erasure")
    counts.update(f"erased under order {order}" for order in erased.values())
    faults.extend(f"unerased: {unit}" for unit in erased if not unseal["is_destroyed"](home, unit))
    for table, _, row, _ in rows:
        if table == "artefact":
            check_file(home / "lake/bytes" / row["digest"][:2] / row["digest"], row["digest"], home)
        elif table in ("landing", "stage_run", "kept"):
            part = row.get("partition") or f"landing/{row['delivery']}/{row['landing_key'][:16]}"
            path = f"reports{part[5:-7]}" if row.get("stage") == "report" else f"lake/{part}"
            check_folder(home / path, "manifest.json", row["manifest_digest"], home)


def check_file(path: Path, digest: str | None, home: Path) -> bytes:
    where = path.relative_to(home).as_posix()
    counts["files"], reading[0] = counts["files"] + path.is_file(), f"{path}: "
    data: bytes | None = unseal["opened"](path, home, unseal["master"]) if path.is_file() else None
    if data is not None and digest in (None, sha256(data).hex()):
        return data
    if path.name == "manifest.json" or not any(f"{where}/".startswith(f"{gone}/") for gone in erased):
        faults.append(f"{'altered' if path.is_file() else 'missing'}: {path}")
    return b""


def check_folder(folder: Path, manifest: str, digest: str | None, home: Path, *own: str) -> dict[str, str]:
    data = check_file(folder / manifest, digest, home)
    files = {name: said["sha256"] for name, said in (json.loads(data)["files"] if data else {}).items()}
    for name, stated in files.items():
        check_file(folder / name, stated, home)
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    faults.extend(f"added: {folder / name}" for name in there - set(files) - {manifest, *own} if data)
    return files


def check_bundle(folder: Path, key: str) -> None:  # a signed leaf, or a manifest it names, names all evidence
    size, root = checkpoint(folder / "checkpoint.txt", key) or (0, b"")
    files = check_folder(folder, "files.json", None, folder, *OWN)
    proved: set[str] = set()
    for leaf in json.loads(check_file(folder / "leaves.json", None, folder) or b"[]"):
        counts["leaves"] += 1
        hashed, proof = leaf_of(leaf["table"], leaf["row"]), [bytes.fromhex(step) for step in leaf["proof"]]
        if climbed(leaf["position"], size, hashed, proof) != root:
            faults.append(f"altered: leaf {leaf['position']} ({leaf['table']}) is not in the signed log")
        proved.update(value for value in leaf["row"].values() if isinstance(value, str))
    for name in [name for name in files if name.endswith("manifest.json") and files[name] in proved]:
        held = json.loads(check_file(folder / name, files[name], folder) or b'{"files": {}}')["files"]
        proved.update(said["sha256"] for said in held.values())
    counts["files named by the log"] = sum(digest in proved for digest in files.values())
    faults.extend(f"unproved: {n}" for n in files if n[:9] == "evidence/" and files[n] not in proved)


def main() -> int:
    parser = argparse.ArgumentParser(description="Verify Hedui's evidence; see the head of this file.")
    parser.add_argument("bundle", nargs="?", type=Path)
    for name in ("--ledger", "--checkpoints", "--home", "--key", "--master"):
        parser.add_argument(name)
    asked = parser.parse_args()
    try:
        said = Path(asked.key or Path(asked.bundle or asked.home) / "keys/checkpoint.pub")
        reading[0] = f"key {said}: "
        key = said.read_bytes().decode() if said.is_file() else str(asked.key)
        if asked.bundle:
            check_bundle(asked.bundle, key)
        else:
            unseal.update(runpy.run_path(f"{Path(__file__).parent}/hedui_unseal.py"), master=asked.master)
            uri = f"{Path(asked.ledger).absolute().as_uri()}?mode=ro"
            with closing(sqlite3.connect(uri, uri=True)) as ledger:
                check_ledger(ledger, Path(asked.checkpoints), Path(asked.home), key)
    except (ValueError, LookupError, TypeError, AttributeError, OSError, sqlite3.Error) as error:
        faults.append(f"unreadable: {reading[0]}{type(error).__name__}: {error}")
    print(dict(counts), *faults or ["all as recorded and signed / 全部与所记、所签一致"], sep="\n")
    return BROKEN if faults else 0


if __name__ == "__main__":
    sys.exit(main())
