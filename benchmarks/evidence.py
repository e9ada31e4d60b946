"""What evidence costs: its share of a month's run, and the verification of that month by both verifiers.

    python benchmarks/evidence.py [--profile district|prefecture] [--plain]

CPU seconds. "adds" is what the leaves, the digests of delivered files and the checkpoint take within the run; the
ledger rows themselves are there either way. "sealing" is what encrypting and decrypting take within it; --plain runs the
same month without a vault, so that two runs can be held against each other.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pipelines.base.period import Period
from pipelines.lineage.proofs import STAND_ALONE
from pipelines.run import month, run_month, shop
from pipelines.run.verifying import verify_all, verify_ledger
from pipelines.simulate import simulate
from pipelines.store import appending, sealed

MONTH = "2026-10"
PACKS = {"district": "demo", "prefecture": "demo-prefecture"}


class Timed:
    """CPU seconds spent within some functions, taken while they do what they do."""

    def __init__(self) -> None:
        self.seconds, self.calls = 0.0, 0

    def __call__(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **named: Any) -> Any:
            started = time.process_time()
            try:
                return work(*given, **named)
            finally:
                self.seconds += time.process_time() - started
                self.calls += 1

        return timed


def measured_run(where: dict[str, object]) -> tuple[float, Timed, Timed, Timed]:
    leaves, seals, ciphers = Timed(), Timed(), Timed()
    sealed.encrypt, sealed.decrypt = ciphers(sealed.encrypt), ciphers(sealed.decrypt)
    appending.append_leaf = leaves(appending.append_leaf)
    month.check_sealed, month.seal = seals(month.check_sealed), seals(month.seal)
    started = time.process_time()
    run_month(MONTH, where)
    return time.process_time() - started, leaves, seals, ciphers


def cpu_of(command: list[str]) -> float:
    import resource

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--profile", choices=sorted(PACKS), default="district")
    parser.add_argument("--plain", action="store_true")
    asked = parser.parse_args()
    if asked.plain:
        shop.open_vault = lambda _: None
    with tempfile.TemporaryDirectory() as folder:
        simulate(profile=asked.profile, period=Period.parse(MONTH), seed=1, out=Path(folder), progress=None)
        home = Path(folder) / "home"
        where = {"home": str(home), "inbox": f"{folder}/inbox", "jurisdiction": PACKS[asked.profile]}
        total, leaves, seals, ciphers = measured_run(where)
        adds = leaves.seconds + seals.seconds
        print(
            f"run {total:.1f} CPU s, of it evidence adds {adds:.2f} s = {100 * adds / (total - adds):.2f} %"
        )
        print(f"  {leaves.calls} leaves {leaves.seconds:.2f} s, checkpoint {seals.seconds:.3f} s")
        print(
            f"  sealing {ciphers.seconds:.2f} s in {ciphers.calls} chunks = {100 * ciphers.seconds / total:.2f} %"
        )
        for name, verify in (("--ledger", verify_ledger), ("--all", verify_all)):
            started = time.process_time()
            found = verify(where)
            assert not found.findings
            print(f"verify {name}: {time.process_time() - started:.2f} CPU s, {dict(found.counts)}")
        places = {"--ledger": home / "ledger.sqlite", "--checkpoints": home / "checkpoints", "--home": home}
        words = [str(word) for pair in places.items() for word in pair]
        print(f"stand-alone: {cpu_of([sys.executable, str(STAND_ALONE), *words]):.2f} CPU s")


if __name__ == "__main__":
    main()
