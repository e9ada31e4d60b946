"""The two signing forms give what was worked out apart from the code."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.base.fetch_errors import AnswerBroken
from pipelines.sources.connectors.settings_http import Hmac, Md5
from pipelines.sources.connectors.signing import decrypted, hmac_fields, md5_fields, milliseconds

AT = datetime(2024, 7, 5, 1, 0, 0, 123_999, tzinfo=UTC)


def test_the_national_sign_is_hmac_sha256_over_service_requester_and_time() -> None:
    settings = Hmac(kind="hmac", requester="RID", service="SID", secret_file=Path("/x"), token_path="/t")  # noqa: S106
    assert hmac_fields(settings, secret=b"key", at=AT) == {
        "gjgxjhpt_rid": "RID",
        "gjgxjhpt_sid": "SID",
        "gjgxjhpt_rtime": "1720141200123",
        # printf SIDRID1720141200123 | openssl dgst -sha256 -hmac key -binary | base64
        "gjgxjhpt_sign": "776veQHhW39fRVY8vUV+ceihKQaC8P46vOaIHyjlkXw=",
    }


def test_the_provincial_sign_is_md5_over_the_small_letters_and_the_time() -> None:
    settings = Md5(
        kind="md5", app_key="AppKey", secret_file=Path("/x"), key_path="/by_key", refresh_path="/by_secret"
    )
    assert md5_fields(settings, secret=b"SeCret", at=AT) == {
        "appKey": "AppKey",
        "requestTime": "1720141200123",
        # printf appkeysecret1720141200123 | md5sum
        "sign": "b13578d0490172faa520645bf96e10c5",
    }


def test_milliseconds_are_exact_at_every_moment_of_a_second() -> None:
    for microsecond in (0, 999, 1000, 123_456, 999_999):
        found = int(milliseconds(AT.replace(microsecond=microsecond)))
        assert found % 1000 == microsecond // 1000 and found // 1000 == 1720141200


def test_a_working_secret_is_decrypted_under_the_app_secret() -> None:
    # printf Working-Secret | openssl enc -aes-128-ecb -K $(printf 0123456789abcdef | xxd -p) -base64
    assert decrypted("HnZDHvKwqrBraUWv5jM1cQ==", key=b"0123456789abcdef") == b"Working-Secret"


@pytest.mark.parametrize("text", ["", "not base64!", "AAAA", "HnZDHvKwqrBraUWv5jM1cQ=="])
def test_what_the_app_secret_cannot_open_is_refused(text: str) -> None:
    with pytest.raises(AnswerBroken):
        decrypted(text, key=b"another-16-bytes")


def test_an_app_secret_that_is_no_aes_key_is_refused() -> None:
    with pytest.raises(AnswerBroken, match="16, 24 or 32"):
        decrypted("HnZDHvKwqrBraUWv5jM1cQ==", key=b"short")
