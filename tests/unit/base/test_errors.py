"""Each cause of failure has its own exit code, place and remedy; logs black numbers out."""

from pipelines.base import errors, fetch_errors, site_errors
from pipelines.base.errors import HeduiError, UnknownCode
from pipelines.base.log import redact


def test_no_two_causes_share_an_exit_code() -> None:
    named = {**vars(errors), **vars(fetch_errors), **vars(site_errors)}.values()
    causes = [kind for kind in named if isinstance(kind, type) and issubclass(kind, HeduiError)]
    codes = [kind.exit_code for kind in causes]
    assert len(set(codes)) == len(codes) > 20
    assert 0 not in codes and 2 not in codes  # 2 is the command line's own


def test_an_error_names_cause_place_and_remedy() -> None:
    error = UnknownCode("code [Z]", place="vehicle/20240606_01/a.csv line 7", remedy="ask the registry")
    assert str(error) == "UnknownCode: [vehicle/20240606_01/a.csv line 7] code [Z] Remedy: ask the registry"


def test_a_log_line_never_carries_an_id_or_account_number() -> None:
    assert (
        redact("730702196807011236 and 73070219680701123X, 62000000000000273")
        == "[number] and [number], [number]"
    )
    assert redact("20240606 line 124, 7542 rows") == "20240606 line 124, 7542 rows"
