"""Small person files for the scoring tests: people and their copies, made up here."""

from __future__ import annotations

import hashlib

import pyarrow as pa

_GIVEN = ("anna", "bruno", "carla", "dario", "elena", "fabio", "gina", "hugo", "ines", "luca", "mara", "nino")
_FAMILY = ("rossi", "marino", "greco", "conti", "villa", "ferri", "gatti", "longo", "sala", "testa", "bassi")
_TOWNS = ("como", "lecco", "varese", "pavia", "lodi")

SCHEMA = """
name: people
kind: dedupe
id_column: id
one_to_one: false
fields:
  given:
    by_frequency: true
    levels:
      equal: [equal, 12]
      near: [jaro_winkler(85), 3]
      different: 1
  family:
    levels:
      equal: [equal, 12]
      near: [typos(1), 3]
      different: 1
  born:
    levels:
      equal: [equal, 12]
      one_typo: [typos(1), 2]
      same_year: [same_year, 1]
      different: 1
  town:
    levels:
      equal: [equal, 12]
      different: 2
groups:
  - [given, family]
blocking:
  born: [born]
  names: [given, family]
  family_year: {parts: [family.soundex, born.year]}
most_pairs_per_block: 1000
random_pairs: 20000
prior_pairs: 20
em_rounds: 8
target_false_in_1000: 0
frequency_cap: 6000
synonyms: []
"""


def person(number: int) -> dict[str, str | None]:
    """The nth person, always the same; names and towns repeat, birth dates hardly do."""
    drawn = hashlib.sha256(str(number).encode()).digest()
    return {
        "given": _GIVEN[drawn[0] % len(_GIVEN)],
        "family": _FAMILY[drawn[1] % len(_FAMILY)],
        "born": f"{1930 + drawn[2] % 70}-{1 + drawn[3] % 12:02}-{1 + drawn[4] % 28:02}",
        "town": _TOWNS[drawn[5] % len(_TOWNS)],
    }


def file_of(count: int, side: str = "a") -> list[dict[str, str | None]]:
    return [{"id": f"{number:03}{side}", **person(number)} for number in range(count)]


def table(rows: list[dict[str, str | None]]) -> pa.Table:
    schema = pa.schema([(name, pa.string()) for name in ("id", "given", "family", "born", "town")])
    return pa.Table.from_pylist(rows, schema=schema)


def with_copies(count: int) -> list[dict[str, str | None]]:
    """Every person twice; of the copies each third has a slip in the name, each fourth lost its town."""
    copies = file_of(count, "b")
    for number, row in enumerate(copies):
        if number % 3 == 0:
            row["family"] = f"{row['family'][:-1]}x"  # type: ignore[index]
        if number % 4 == 0:
            row["town"] = None
    return file_of(count) + copies
