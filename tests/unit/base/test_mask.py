"""No number of a person passes into a message, a log line or the telling of a fault, however it is written."""

import io
import json
import logging
import sys
from contextlib import redirect_stderr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.base import log
from pipelines.base.errors import LayoutBroken, ProgramFault, UnknownCode
from pipelines.base.faults import masked
from pipelines.base.mask import fault_told, redact

ID = "730702196807011236"
_digits = st.text("0123456789", min_size=15, max_size=19)
_around = st.text(st.characters(exclude_categories=["Nd"]), max_size=8)


@pytest.mark.parametrize(
    "written",
    [
        ID,
        "73070219680701123X",
        "730702680701123",
        "x730702196807011236y",
        "730702 19680701 1236",
        "730702-19680701-1236",
        "７３０７０２１９６８０７０１１２３６",
        "6217 0012 3456 7890 123",
        "13812345678",
    ],
)
def test_a_number_is_blacked_out_however_it_is_written(written: str) -> None:
    assert redact(f"line 7: [{written}]") == "line 7: [[number]]"


@pytest.mark.parametrize(
    "kept", ["20261006_01", "2026-10-06", "R-IF464XNUSH5EQ2EH", "0123456789abcdef" * 4, "7542 rows", "1.25.3"]
)
def test_what_an_operator_needs_stays(kept: str) -> None:
    assert redact(kept) == kept


@given(_digits, _around, _around)
def test_no_long_number_survives_whatever_stands_around_it(number: str, before: str, after: str) -> None:
    assert number not in redact(before + number + after)


def test_an_error_blacks_numbers_out_when_it_is_made_so_that_ledger_and_xcom_have_none_either() -> None:
    error = UnknownCode(f"code [{ID}]", place=f"vehicle/x/{ID}.csv line 7")
    assert ID not in str(error) + error.what + error.place + repr(error) + str(error.args)


def said(event: str, **values: object) -> dict[str, object]:
    err = io.StringIO()
    log.configure()
    with redirect_stderr(err):
        log.get_logger().info(event, **values)
    return dict(json.loads(err.getvalue()))


def test_only_keys_and_kinds_of_the_allow_list_pass_a_log_line() -> None:
    line = said("fetched", source="bank", rows=7, person="张建国", note="x", requests=int(ID), month="张建国")
    assert {key: line[key] for key in ("event", "source", "rows", "requests", "month", "left_out")} == {
        "event": "fetched",
        "source": "bank",
        "rows": 7,
        "requests": "[text]",
        "month": "[text]",
        "left_out": 2,
    }
    assert said(f"read {ID}")["event"] == "[text]"


@given(
    st.dictionaries(
        st.text(max_size=12), st.text(max_size=30) | st.integers() | st.lists(st.text(max_size=5))
    )
)
def test_whatever_is_logged_only_allowed_keys_and_codes_come_out(event: dict[str, object]) -> None:
    for key, value in log.allowed(dict(event)).items():
        assert key in log.ALLOWED
        assert value is None or isinstance(value, int) or str(value).isascii()


def test_a_library_s_words_do_not_pass_nor_does_the_text_of_its_fault() -> None:
    log.configure()
    err = io.StringIO()
    with redirect_stderr(err):
        try:
            raise ValueError(f"cannot read {ID} 张建国")
        except ValueError:
            logging.getLogger("pyarrow").exception("row %s", ID)
        logging.getLogger("pyarrow").warning("%d", ID)
    first, second = map(json.loads, err.getvalue().splitlines())
    assert first["logger"] == second["logger"] == "pyarrow"
    assert "ValueError at" in first["fault"]
    assert ID not in err.getvalue() and "张建国" not in err.getvalue()


def _reads(text: str) -> None:
    try:
        int(text)
    except ValueError as error:
        raise KeyError(text) from error


def test_a_fault_is_told_by_kind_and_place_and_nothing_of_it_hangs_on_the_error_that_goes_on() -> None:
    with pytest.raises(ProgramFault) as caught:
        masked(_reads)(f"{ID} 张建国")
    told = str(caught.value)
    assert "KeyError at" in told and "from ValueError at" in told and "test_mask.py" in told
    assert "张建国" not in told and ID not in told
    assert caught.value.__cause__ is None and caught.value.__context__ is None


def test_an_error_of_ours_passes_as_it_is_without_what_led_to_it() -> None:
    def work() -> None:
        try:
            int("张建国")
        except ValueError as error:
            raise LayoutBroken("a line of another shape") from error

    with pytest.raises(LayoutBroken, match="another shape") as caught:
        masked(work)()
    assert caught.value.__cause__ is None and caught.value.__context__ is None


def test_a_fault_s_telling_ends_where_causes_run_in_a_ring() -> None:
    first, second = ValueError("x"), KeyError("y")
    first.__cause__, second.__cause__ = second, first
    assert fault_told(first).count(" at ") == 2
    assert sys.exc_info()[0] is None
