"""Splink with six blocking rules, as its documentation goes about it. Imports nothing of this project."""

from __future__ import annotations

from pathlib import Path

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

_AREA = "substr(address, 1, 12)"  # county, town and village, as far as a fixed width tells
_RULES = (
    ("id18",),
    ("name", "birth_date"),
    ("name", _AREA),
    ("birth_date", "sex", _AREA),
    ("substr(id_no, 1, 14)", "substr(name, 1, 1)"),
    ("substr(id_no, 7, 12)", "sex"),
)
_COLUMNS = "name, id_no, id18, strftime(birth_date, '%Y-%m-%d') AS birth_date, sex, address"


def link_city(folder: Path, threads: int) -> None:
    """Write links_splink.parquet: row, member, probability."""
    con = duckdb.connect(config={"threads": threads})
    tables = []
    for name in ("members", "registry"):
        path = str(folder / f"{name}.parquet")
        con.execute(
            f"CREATE TABLE {name} AS SELECT file_row_number AS unique_id, {_COLUMNS} "
            f"FROM read_parquet(?, file_row_number = true)",
            [path],
        )
        tables.append(con.table(name).to_arrow_table())
        con.execute(f"DROP TABLE {name}")
    api = DuckDBAPI(connection=con)
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            # chance pairs hold no equal number: without a word on u, equal numbers would count for little
            cl.LevenshteinAtThresholds("id18", [1, 2]).configure(
                u_probabilities=[1e-9, 1e-8, 1e-7, 1 - 1.11e-7]
            ),
            cl.JaroWinklerAtThresholds("name", [0.88]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("birth_date"),
            cl.ExactMatch("sex"),
            cl.LevenshteinAtThresholds("address", [1, 6]),
        ],
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in _RULES],
        retain_matching_columns=False,
    )
    frames = [
        api.register(table, dataset_display_name=name)
        for name, table in zip(("members", "registry"), tables, strict=True)
    ]
    linker = Linker(frames, settings, log_level="WARNING")
    linker.training.estimate_probability_two_random_records_match([block_on("id18")], recall=0.97)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block_on("name", "birth_date"), block_on("id18")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.01)
    con.execute(
        f"COPY (SELECT unique_id_r AS row, unique_id_l AS member, match_probability AS probability "
        f"FROM {found.physical_name}) TO '{folder / 'links_splink.parquet'}' (FORMAT parquet)"
    )
