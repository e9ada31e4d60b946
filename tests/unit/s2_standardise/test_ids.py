"""Id numbers: what is valid, what is damaged and how, and what a damaged one still tells."""

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.s2_standardise.ids import read_ids

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
DAYS = st.dates(date(1900, 1, 2), date(2099, 12, 31))


def check_letter(body: str) -> str:
    return "10X98765432"[sum(int(c) * w for c, w in zip(body, WEIGHTS, strict=True)) % 11]


def number(born: date, county: int = 730702, sequence: int = 123) -> str:
    body = f"{county}{born:%Y%m%d}{sequence:03d}"
    return body + check_letter(body)


def read(*texts: str | None) -> list[dict[str, object]]:
    columns = read_ids(pa.array(texts, pa.string()))
    return pa.table(vars(columns)).to_pylist()


@pytest.mark.parametrize(
    ("text", "state", "sex"),
    [
        ("440106199001010101", "valid18", "F"),
        ("430702196807011236", "valid18", "M"),
        ("650102200002294686", "valid18", "F"),
        ("43072519710315019X", "valid18", "M"),
        ("810000198503041013", "valid18", "M"),
        ("43070219900230123X", "date_wrong", None),
        ("430702196807011237", "checksum_wrong", None),
        ("430702680701123", "valid15", "M"),
        ("110101360101001", "valid15", "M"),
        ("430702680732123", "date_wrong", None),
        ("440106199001010000", "excel_cut", None),
        ("4.40106E+17", "excel_cut", None),
        ("430702********1236", "masked", None),
        ("111111111111111111", "dummy", None),
        ("123456789012345678", "dummy", None),
        ("7307256108123357", "malformed", None),
        ("WEI", "malformed", None),
        (None, "missing", None),
    ],
)
def test_the_published_vectors(text: str | None, state: str, sex: str | None) -> None:
    row = read(text)[0]
    assert (row["id_state"], row["sex"]) == (state, sex)


@pytest.mark.parametrize(
    "text",
    [
        "43072519710315019x",
        "４３０７２５１９７１０３１５０１９Ｘ",
        " 430725 19710315 019X ",
        "'43072519710315019X",
        "43072519710315019×",
        "43072519710315019*",
    ],
)
def test_the_forms_one_number_is_written_in_are_one_number(text: str) -> None:
    assert read(text)[0]["id18"] == "43072519710315019X"


def test_a_15_digit_number_is_the_18_digit_one_without_century_and_check() -> None:
    assert read("430702680701123", "110101360101001") == [
        read("430702196807011236")[0] | {"id_no": "430702680701123", "id_state": "valid15"},
        read("110101193601010011")[0] | {"id_no": "110101360101001", "id_state": "valid15"},
    ]


def test_county_and_birth_date_survive_what_excel_cuts() -> None:
    row = read("440106199001010000")[0]
    assert (row["birth_date"], row["id18"]) == (date(1990, 1, 1), None)


def test_the_county_is_never_a_reason_to_refuse() -> None:
    assert read(number(date(1970, 1, 1), county=999999))[0]["id_state"] == "valid18"


@given(DAYS, st.integers(1, 999))
def test_every_well_made_number_is_valid_and_tells_birth_and_sex(born: date, sequence: int) -> None:
    row = read(number(born, sequence=sequence))[0]
    assert (row["id_state"], row["birth_date"], row["sex"]) == ("valid18", born, "M" if sequence % 2 else "F")


@given(DAYS, st.integers(0, 16), st.integers(1, 9))
def test_no_single_wrong_digit_passes(born: date, place: int, shift: int) -> None:
    good = number(born)
    wrong = good[:place] + str((int(good[place]) + shift) % 10) + good[place + 1 :]
    assert read(wrong)[0]["id18"] is None


@given(DAYS, st.integers(0, 15))
def test_no_swap_of_neighbours_passes(born: date, place: int) -> None:
    good = number(born)
    swapped = good[:place] + good[place + 1] + good[place] + good[place + 2 :]
    assert swapped == good or read(swapped)[0]["id18"] is None


@given(st.lists(st.one_of(st.none(), st.text(max_size=20)), max_size=30))
def test_any_text_gets_a_state_and_only_valid_ones_an_id18(texts: list[str | None]) -> None:
    for row in read(*texts):
        assert (row["id18"] is None) == (row["id_state"] not in ("valid18", "valid15"))
