"""Flip every byte of every artefact of a small month, one at a time, and count what the two verifiers miss.

    python benchmarks/tamper.py [--most 200000] [--draws 10000] [--seed 6] [--files N] [--home DIR]

Without --home the month of a village is simulated and run. Of each delivered file, table, manifest and page every byte
is flipped (of one longer than --most, --most bytes spread over it); checkpoints and the public key too. For each flip the
product's and the stand-alone verifier look at that one file, in memory; --draws further flips, at random over all of it,
are written to the disk and looked at by both verifiers whole. Anything missed ends with exit code 1.
"""

from __future__ import annotations

import argparse
import random
import runpy
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pipelines.base.errors import StoreCorrupt
from pipelines.base.ids import digest_bytes
from pipelines.base.settings import Where
from pipelines.lineage.proofs import STAND_ALONE
from pipelines.lineage.verify_files import (
    Sight,
    check_delivered,
    check_partitions,
    delivered_files,
    landed_partitions,
    run_partitions,
    sight_of,
)
from pipelines.lineage.verify_ledger import check_ledger
from pipelines.store.ledger import Ledger
from pipelines.store.note import NoteRefused, opened, public_of
from pipelines.store.sealed import MAGIC
from pipelines.store.vault import open_vault

Sees = Callable[[bytes], bool]  # whether a verifier sees that bytes are not those recorded


def a_home(folder: Path) -> Path:
    """The month of a village."""
    from pipelines.run import run_month
    from tests.e2e.village import MONTH, village

    inbox = village(folder)
    run_month(MONTH, {"home": str(folder / "home"), "inbox": str(inbox), "jurisdiction": "demo"})
    return folder / "home"


def artefacts(home: Path) -> list[Path]:
    parts = (home / "lake", home / "reports", home / "checkpoints")
    files = [path for part in parts for path in sorted(part.rglob("*")) if path.is_file()]
    return [*files, home / "keys" / "checkpoint.pub"]


def sees(home: Path, path: Path, theirs: dict[str, Any]) -> list[Sees]:
    """Our and their look at one file's bytes: a note, a key, or a digest."""
    data = path.read_bytes()
    line = (home / "keys" / "checkpoint.pub").read_text()
    if path.suffix == ".pub":
        note = InMemory((home / "checkpoints" / "1.txt").read_bytes())
        return [
            lambda said: _refuses(public_of, said),
            lambda said: _refuses(lambda text: theirs["checkpoint"](note, text) or _refuse(), said),
        ]
    if path.parent.name == "checkpoints":
        return [
            lambda said: _refuses(lambda text: opened(text, public_of(line)), said),
            lambda said: theirs["checkpoint"](InMemory(said), line) is None,
        ]
    if data.startswith(MAGIC):
        return sealed_sees(home, path, theirs)
    digest = digest_bytes(data)
    return [lambda said: digest_bytes(said) != digest, lambda said: theirs["sha256"](said).hex() != digest]


def sealed_sees(home: Path, path: Path, theirs: dict[str, Any]) -> list[Sees]:
    """Of a sealed file: written to the disk and opened by both. `flip_all` puts the file back."""
    sight = Sight(vault=open_vault(Where.of({"home": str(home)})))
    where = path.relative_to(home)
    unit = (where if where.parts[1] == "bytes" else where.parent).as_posix()
    digest = sight.digest(path, unit)
    unseal = runpy.run_path(str(STAND_ALONE.with_name("hedui_unseal.py")))["opened"]

    def ours(said: bytes) -> bool:
        path.write_bytes(said)
        try:
            return sight.digest(path, unit) != digest
        except StoreCorrupt:
            return True

    def others(said: bytes) -> bool:
        path.write_bytes(said)
        found = unseal(path, home, None)
        return found is None or theirs["sha256"](found).hex() != digest

    return [ours, others]


class InMemory:
    """Bytes where the stand-alone verifier expects a path."""

    name = "memory"

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read_bytes(self) -> bytes:
        return self._data


def _refuse() -> None:
    raise ValueError


def _refuses(read: Callable[[str], object], said: bytes) -> bool:
    try:
        read(said.decode())
    except (NoteRefused, ValueError):
        return True
    return False


def places(size: int, most: int) -> Iterator[int]:
    """Every byte, or `most` of them spread evenly."""
    return iter(range(size)) if size <= most else iter({at * size // most for at in range(most)})


def flip_all(home: Path, paths: list[Path], most: int, draw: random.Random) -> tuple[int, list[str]]:
    flips, missed = 0, []
    for path in paths:
        theirs = runpy.run_path(str(STAND_ALONE))
        looks, data = sees(home, path, theirs), bytearray(path.read_bytes())
        for at in places(len(data), most):
            bit = 1 << draw.randrange(8)
            data[at] ^= bit
            said = bytes(data)
            missed += [
                f"{path} {at} {who}"
                for who, look in zip(("ours", "theirs"), looks, strict=True)
                if not look(said)
            ]
            data[at] ^= bit
            flips += 1
        path.write_bytes(data)
        theirs["faults"].clear()
    return flips, missed


def flip_drawn(home: Path, paths: list[Path], draws: int, draw: random.Random) -> list[str]:
    """Flips on the disk, each looked at by both verifiers whole, the files of other partitions left out."""
    missed = []
    sizes = [path.stat().st_size for path in paths]
    for _ in range(draws):
        path = draw.choices(paths, sizes)[0]
        kept = path.read_bytes()
        at = draw.randrange(len(kept))
        path.write_bytes(kept[:at] + bytes([kept[at] ^ (1 << draw.randrange(8))]) + kept[at + 1 :])
        missed += [
            f"{path} {at} {who}" for who, finds in (("ours", _ours), ("theirs", _theirs)) if not finds(home)
        ]
        path.write_bytes(kept)
    return missed


def _ours(home: Path) -> bool:
    where = Where.of({"home": str(home), "jurisdiction": "demo"})
    ledger = Ledger(where.ledger)
    key = (home / "keys" / "checkpoint.pub").read_bytes().decode(errors="replace")
    found, log = check_ledger(ledger.engine, where.checkpoints, key)
    ledger.engine.dispose()
    sight = sight_of(log.rows, open_vault(where))
    found.take(check_partitions(home, landed_partitions(log.rows), sight))
    found.take(check_partitions(home, run_partitions(log.rows), sight))
    found.take(check_delivered(home, delivered_files(log.rows), sight))
    return bool(found.findings)


def _theirs(home: Path) -> bool:
    before = sys.argv
    places = {"--ledger": home / "ledger.sqlite", "--checkpoints": home / "checkpoints", "--home": home}
    sys.argv = ["hedui_verify.py", *(str(word) for pair in places.items() for word in pair)]
    try:
        with redirect_stdout(StringIO()):
            return bool(runpy.run_path(str(STAND_ALONE))["main"]())
    finally:
        sys.argv = before


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--most", type=int, default=200_000)
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--files", type=int, help="so many of the files only, drawn by the seed")
    parser.add_argument("--home", type=Path)
    asked = parser.parse_args()
    draw = random.Random(asked.seed)  # noqa: S311
    with tempfile.TemporaryDirectory() as folder:
        home = asked.home or a_home(Path(folder))
        assert not _ours(home) and not _theirs(home), "the home does not verify before anything is flipped"
        paths = artefacts(home)
        chosen = sorted(draw.sample(paths, asked.files)) if asked.files else paths
        started = time.process_time()
        flips, missed = flip_all(home, chosen, asked.most, draw)
        size = sum(path.stat().st_size for path in chosen)
        print(
            f"{len(chosen)} of {len(paths)} files, {size:,} bytes: {flips:,} flips, {len(missed)} missed",
            end="",
        )
        print(f" ({time.process_time() - started:.0f} CPU s)")
        started = time.process_time()
        missed += flip_drawn(home, paths, asked.draws, draw)
        print(f"{asked.draws:,} flips at random, looked at whole: {len(missed)} missed in all", end="")
        print(f" ({time.process_time() - started:.0f} CPU s)")
    print(*missed[:20], sep="\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
