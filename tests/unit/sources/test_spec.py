"""Source YAMLs are read strictly."""

from pathlib import Path

import pytest

from pipelines import contracts
from pipelines.base.errors import NotFound, SpecInvalid
from pipelines.sources.spec import load_spec, read_spec, source_names, spec_path


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = spec_path("vehicle").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "vehicle.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", source_names())
def test_every_source_reads_into_an_existing_contract_and_says_who_and_why(name: str) -> None:
    spec = load_spec(name)
    assert spec.source == name
    contracts.by_name(spec.table)
    assert spec.title.zh and spec.title.en and spec.publisher.zh and spec.legal_basis and spec.owner
    assert spec.retention_months > 0 and spec.grace_days >= 0


def test_a_mistyped_key_is_an_error_that_names_file_and_key(tmp_path: Path) -> None:
    with pytest.raises(SpecInvalid, match=r"vehicle.yaml retention_month\b"):
        read_spec(changed(tmp_path, "retention_months:", "retention_month:"))


def test_a_mistyped_canonical_column_is_an_error_with_the_near_name(tmp_path: Path) -> None:
    with pytest.raises(SpecInvalid, match=r"did you mean \[plate_type\]"):
        read_spec(changed(tmp_path, "      plate_type:", "      plate_typ:"))


def test_letters_without_the_known_ones_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(SpecInvalid, match="give `known`"):
        read_spec(changed(tmp_path, ", known: [A, B, C, D, E, G, H, I, J, K, L, M, N, O, P, Q]", ""))


def test_a_file_that_is_no_yaml_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(SpecInvalid, match=r"x\.yaml"):
        read_spec(tmp_path / "x.yaml")


def test_an_unknown_source_is_named_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="vehicle"):
        load_spec("vehicles")


def test_the_month_of_a_file_is_read_from_its_name() -> None:
    assert load_spec("payment").part_of("DBFF_202406.txt") == "202406"
    assert load_spec("pension_res").part_of("CXJM_202406_bad.csv") == "202406"
    assert load_spec("vehicle").part_of("VEH_FULL_20240606.csv") == ""
    assert load_spec("vehicle").layout_of("photo.jpg") is None


@pytest.mark.parametrize("name", [name for name in source_names() if load_spec(name).table == "recipient"])
def test_a_list_of_recipients_cut_short_is_held(name: str) -> None:
    """A household that is no longer on the list has its flags closed: half a list must not close them in silence."""
    assert load_spec(name).gates.rows_band_percent is not None
