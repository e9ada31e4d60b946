"""One simulated district month, drawn once for all tests of this folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.base.period import Period
from pipelines.simulate import PROFILES, Simulated, simulate
from pipelines.simulate.city import City, draw_city

MONTH = Period(2026, 10)
SEED = 7


@dataclass(frozen=True, kw_only=True)
class Month:
    """What `simulate` wrote, and the truth it wrote it from."""

    root: Path
    counts: Simulated
    city: City

    def file(self, pattern: str) -> Path:
        """The one delivered file of this pattern below the inbox."""
        (found,) = (path for path in self.root.joinpath("inbox").glob(pattern) if path.suffix != ".ok")
        return found

    def rows(self, pattern: str, encoding: str) -> list[list[str]]:
        """The cells of a comma-separated file, header first."""
        text = self.file(pattern).read_bytes().decode(encoding)
        return [line.split(",") for line in text.removesuffix("\r\n").split("\r\n")]

    def truth(self, name: str) -> list[dict[str, object]]:
        rows: list[dict[str, object]] = pq.read_table(self.root / "truth" / f"{name}.parquet").to_pylist()
        return rows


@pytest.fixture(scope="session")
def district(tmp_path_factory: pytest.TempPathFactory) -> Month:
    root = tmp_path_factory.mktemp("district")
    counts = simulate(profile="district", period=MONTH, seed=SEED, out=root)
    return Month(root=root, counts=counts, city=draw_city(PROFILES["district"], MONTH, SEED))
