"""A settings file with a mistake is refused with the key that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

import pipelines.s4_link.settings as module
from pipelines.base.errors import SpecInvalid
from pipelines.s4_link import default_settings, parse_settings

SHIPPED = Path(module.__file__).with_name("settings.yaml").read_text(encoding="utf-8")


def test_the_shipped_settings_are_read() -> None:
    settings = default_settings()
    assert 0 < settings.match_error < settings.review_error < 1
    assert settings.blocking[0].parts == ("name_key", "birth_date")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("tie_margin: 2000", "tie_margins: 2000", r"\[tie_margin\] is missing"),
        ("threads: 2", "threads: 2\ncolour: red", r"unknown keys \['colour'\]"),
        ("threads: 2", "threads: 0", r"\[threads\] is not a whole number of at least 1"),
        ("match_error: 1/256", "match_error: 0.004", r"\[match_error\] is not a share written like 1/1024"),
        ("match_error: 1/256", "match_error: 1/0", r"\[match_error\] is not a share"),
        ("match_error: 1/256", "match_error: 3/2", r"\[match_error\] is not a share"),
        ("match_error: 1/256", "match_error: 9/10", "match_error is above review_error"),
        ("    homophone: {", "    homofone: {", r"\[homophone\] is missing"),
        ("{m: 960000, u: frequency}", "9000", "weighed by frequency"),
        ("{m: 12000, u: 3000}", "{m: 12000, u: frequency}", "weighed by frequency"),
        ("{m: 12000, u: 3000}", "{m: 12000}", r"homophone\] \[u\] is missing"),
        ("{m: 12000, u: 3000}", "{m: 0.012, u: 3000}", r"homophone\] \[m\] is not a whole number"),
        ("{m: 12000, u: 3000}", "{m: 0, u: 3000}", r"\[m\] is not a whole number of at least 1"),
        ("{m: 12000, u: 3000}", "{m: 12000, u: 0}", r"homophone\] \[u\] is neither a rate per million"),
        ("{m: 12000, u: 3000}", "{m: 12000, u: true}", r"homophone\] \[u\] is neither a rate per million"),
        ("{m: 12000, u: 3000}", "{m: 12000, u: often}", r"homophone\] \[u\] is neither a rate per million"),
        ("{m: 12000, u: 3000}", "{m: 12000, u: 3000, v: 1}", r"homophone\] unknown keys \['v'\]"),
        ("{m: 12000, u: 3000}", "a lot", r"homophone\] expected keys and values"),
        ("  sex:\n", "  shoe_size: {equal: 1}\n  sex:\n", r"fields\] unknown keys \['shoe_size'\]"),
        ("    homophone: {", "    rhymes: 5\n    homophone: {", r"fields: name\] unknown keys \['rhymes'\]"),
        ("former_share: 1/500", "former_share: 0.002", r"learning\] \[former_share\] is not a share"),
        ("prior_pairs: 500", "prior_pairs: none", r"learning\] \[prior_pairs\] is not a whole number"),
        ("  sex:\n", "  gender:\n", r"\[sex\] is missing"),
        ("  birth_date: [different]", "  birthday: [different]", r"unknown comparison \[birthday\]"),
        ("  birth_date: [different]", "  birth_date: [other]", r"no level \['other'\]"),
        ("  birth_date: [different]", "  birth_date: different", "not a list of levels"),
        ("parts: [id_prefix14]", "parts: [id_prefix]", "unknown key parts"),
        (
            "parts: [id_prefix14], both_valid: false",
            "parts: [id_prefix14], both_valid: 1",
            "not true or false",
        ),
        ("parts: [id_prefix14], both_valid", "parts: [], both_valid", "not a list with entries"),
        ("tie_margin: 2000", "tie_margin: [", "not readable as YAML"),
        ("match_never_id:", "match_needs_id: []\nmatch_never_id:", "unknown keys"),
    ],
)
def test_a_mistake_names_its_key(old: str, new: str, complaint: str) -> None:
    assert old in SHIPPED
    with pytest.raises(SpecInvalid, match=complaint):
        parse_settings(SHIPPED.replace(old, new, 1))


@pytest.mark.parametrize("text", ["", "- a list", "just words"])
def test_a_file_that_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(SpecInvalid, match="expected keys and values"):
        parse_settings(text)


def test_a_condition_without_a_field_is_refused() -> None:
    start, end = SHIPPED.index("never:"), SHIPPED.index("# scored: a pair above")
    with pytest.raises(SpecInvalid, match="expected comparisons and their levels"):
        parse_settings(SHIPPED[:start] + "never: {}\n" + SHIPPED[end:])
