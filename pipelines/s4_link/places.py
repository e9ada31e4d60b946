"""Where a member lives as one text: an address that says the village, else town and village before it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.s4_link.addresses import parse_address

_HOUSE = "0123456789-号组队栋幢单元室楼层"  # what ends an address without saying anything of village or town


def beginnings(places: pa.Array) -> tuple[list[str], Any]:
    """The distinct addresses without their house numbers, and which of them each row has.

    Far fewer than addresses, and of the same town and village: nothing that is cut off can end either.
    """
    coded = pc.dictionary_encode(pc.utf8_rtrim(pc.fill_null(places, ""), _HOUSE))
    return coded.dictionary.to_pylist(), np.asarray(coded.indices, dtype=np.int64)


def member_places(members: pa.Table) -> pa.Array:
    """The place of each member; rural lists carry no address, so town and village stand for it."""
    address = pc.fill_null(members["address"].combine_chunks(), "")
    listed = pc.binary_join_element_wise(
        members["town"].combine_chunks(), members["village"].combine_chunks(), ""
    )
    texts, which = beginnings(address)
    says = np.array([bool(parse_address(text).village) for text in texts], dtype=np.bool_)[which]
    alone = pc.or_(pa.array(says), pc.equal(listed, ""))
    both = pc.binary_join_element_wise(listed, address, "")
    return pc.if_else(pc.not_equal(address, ""), pc.if_else(alone, address, both), listed)
