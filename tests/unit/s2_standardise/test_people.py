"""Several owners in one cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.s2_standardise.people import split_owners


@pytest.mark.parametrize(
    ("names", "ids", "shared", "owners"),
    [
        ("陈文金", "730723570419831", False, [("陈文金", "730723570419831")]),
        ("吴 芳素", "730703381009002", False, [("吴 芳素", "730703381009002")]),
        ("黄敏芳、王平国", "730703197709100886", True, [("黄敏芳", "730703197709100886"), ("王平国", None)]),
        (
            "李伟 余霞捐",
            "7307247010134、7307247107154",
            True,
            [("李伟", "7307247010134"), ("余霞捐", "7307247107154")],
        ),
        ("吴 芳素", "1", True, [("吴 芳素", "1")]),
        ("吴 芳素 李伟", "1、2", True, [("吴芳素", "1"), ("李伟", "2")]),
        ("张 伟 李 芳", "1、2", True, [("张伟", "1"), ("李芳", "2")]),
        ("张三、李四", "、730723571115736", True, [("张三", None), ("李四", "730723571115736")]),
        (
            "张三、李四、王五",
            "1、2",
            True,
            [("张三", None), ("李四", None), ("王五", None), (None, "1"), (None, "2")],
        ),
        ("张三，李四", "1,2", False, [("张三", "1"), ("李四", "2")]),
        ("", "", True, [(None, None)]),
    ],
)
def test_owners_and_their_ids(
    names: str, ids: str, shared: bool, owners: list[tuple[str | None, str | None]]
) -> None:
    assert split_owners(names, ids, shared=shared) == owners


PART = st.text("甲乙丙丁0123456789", min_size=2, max_size=6)


@given(st.lists(PART, max_size=4), st.lists(PART, max_size=4), st.booleans())
def test_no_name_and_no_id_is_ever_lost(names: list[str], ids: list[str], shared: bool) -> None:
    owners = split_owners("、".join(names), "、".join(ids), shared=shared)
    kept_names, kept_ids = "".join(n or "" for n, _ in owners), "".join(i or "" for _, i in owners)
    assert kept_names.replace("、", "") == "".join(names)
    assert kept_ids.replace("、", "") == "".join(ids)
