"""Content hashes."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipelines.base.ids import digest_bytes, digest_file, digest_parts, digest_tree, short_id

TEXTS = st.lists(st.text(max_size=8), max_size=5)


@given(TEXTS, TEXTS)
def test_two_lists_of_texts_have_the_same_digest_only_when_they_are_the_same(
    one: list[str], other: list[str]
) -> None:
    assert (digest_parts(one) == digest_parts(other)) == (one == other)


def test_joining_texts_differently_gives_another_id() -> None:
    assert short_id("H", "ab", "c") != short_id("H", "a", "bc")
    assert short_id("H", "ab", "c") == short_id("H", "ab", "c")
    assert short_id("H", "x").startswith("H-")


def test_a_file_and_its_bytes_have_one_digest(tmp_path: Path) -> None:
    data = bytes(range(256)) * 9000
    (tmp_path / "f").write_bytes(data)
    assert digest_file(tmp_path / "f") == digest_bytes(data)


def test_renaming_a_file_changes_the_digest_of_the_tree(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x")
    before = digest_tree([tmp_path], (".py",))
    (tmp_path / "note.txt").write_text("other endings do not count")
    assert digest_tree([tmp_path], (".py",)) == before
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert digest_tree([tmp_path], (".py",)) != before
