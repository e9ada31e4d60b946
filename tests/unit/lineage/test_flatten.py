"""Cells for programs that compute what they read."""

import json

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pipelines.lineage.flatten import flat


def test_text_that_a_spreadsheet_would_compute_is_defused() -> None:
    table = flat(pa.table({"t": ["=1+1", "+86", "-x", "@a", "王伟", None], "n": [1, 2, -3, 4, 5, 6]}))
    assert table["t"].to_pylist() == ["'=1+1", "'+86", "'-x", "'@a", "王伟", None]
    assert table["n"].to_pylist() == [1, 2, -3, 4, 5, 6]


@given(st.lists(st.lists(st.text(max_size=5), max_size=3), max_size=5))
def test_lists_come_back_from_their_text(lists: list[list[str]]) -> None:
    table = flat(pa.table({"l": pa.array(lists, pa.list_(pa.string()))}))
    assert [json.loads(text) for text in table["l"].to_pylist()] == lists
