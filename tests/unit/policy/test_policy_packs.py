"""A pack says what the rule was in a month, and a mistake in it is told with its place and remedy."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.base.errors import PackInvalid, PackNotInForce
from pipelines.base.period import Period
from pipelines.policy import Pack, load_pack
from pipelines.policy.catalogue import PARAMETERS, unit_of
from pipelines.policy.model import PACKS_ROOT

PACKS = ("demo", "demo-prefecture", "yunxi")
URBAN = "income.standard.urban"


def month(text: str) -> Period:
    return Period.parse(text)


def broken(tmp_path: Path, file: str, old: str, new: str, pack: str = "yunxi") -> PackInvalid:
    """What is said about a copy of a pack in which `old` was changed to `new` once."""
    for source in PACKS_ROOT.glob("*/*.yaml"):
        target = tmp_path / source.parent.name / source.name
        target.parent.mkdir(exist_ok=True)
        target.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    target = tmp_path / pack / file
    text = target.read_text(encoding="utf-8")
    assert old in text
    target.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackInvalid) as caught:
        load_pack(pack, tmp_path)
    return caught.value


@pytest.mark.parametrize(
    ("pack", "when", "urban", "rural"),
    [
        ("yunxi", "2024-06", 70_000, 52_000),
        ("demo", "2014-12", 38_000, 24_000),
        ("demo", "2015-01", 42_000, 27_000),
        ("demo", "2016-01", 47_000, 31_000),
        ("demo", "2023-12", 47_000, 31_000),
        ("demo", "2024-01", 81_000, 81_000),
        ("demo-prefecture", "2026-10", 47_000, 31_000),
    ],
)
def test_the_standard_is_the_one_of_the_place_and_the_month(
    pack: str, when: str, urban: int, rural: int
) -> None:
    loaded = load_pack(pack)
    assert loaded.standard("dibao_urban", month(when)).number == urban
    assert loaded.standard("dibao_rural", month(when)).number == rural


def test_a_month_before_the_first_value_is_not_in_force() -> None:
    with pytest.raises(PackNotInForce, match=r"income\.standard\.urban.*2013-12.*2014-01-01"):
        load_pack("demo").value(URBAN, month("2013-12"))


def test_a_value_of_null_ends_the_parameter(tmp_path: Path) -> None:
    for name in ("pack", "income", "assets", "amounts"):
        text = (PACKS_ROOT / "yunxi" / f"{name}.yaml").read_text(encoding="utf-8")
        ended = "    urban:\n      2025-01-01: {value: null, unit: fen_per_person_month, citation: ended}\n"
        (tmp_path / "yunxi").mkdir(exist_ok=True)
        (tmp_path / "yunxi" / f"{name}.yaml").write_text(
            text.replace("    urban:\n", ended), encoding="utf-8"
        )
    pack = load_pack("yunxi", tmp_path)
    assert pack.value(URBAN, month("2024-12")).number == 70_000
    with pytest.raises(PackNotInForce, match="ended on 2025-01-01"):
        pack.value(URBAN, month("2025-01"))


def test_a_change_within_a_month_applies_from_the_next() -> None:
    pack = load_pack("yunxi")
    steps = dict(pack.parameters[URBAN])
    steps[date(2024, 6, 15)] = steps[date(2024, 1, 1)].model_copy(update={"value": 71_000})
    changed = Pack(**{**pack.__dict__, "parameters": {**pack.parameters, URBAN: steps}})
    assert changed.value(URBAN, month("2024-06")).number == 70_000
    assert changed.value(URBAN, month("2024-07")).valid_from == "2024-06-15"


def test_the_pension_disregard_after_2025_is_a_local_value_to_be_verified() -> None:
    parameter = load_pack("demo").value("income.resident_pension_disregard", month("2026-10"))
    assert (parameter.valid_from, parameter.number, parameter.verify) == ("2026-01-01", 12_300, True)
    assert "待核实" in parameter.cited


def test_what_yunxi_does_not_state_is_marked_to_be_verified() -> None:
    pack = load_pack("yunxi")
    marked = {path for path in PARAMETERS if pack.value(path, month("2024-06")).verify}
    assert marked == {"amount.materiality"}


def test_an_extending_pack_takes_over_everything_it_does_not_state() -> None:
    demo, prefecture = load_pack("demo"), load_pack("demo-prefecture")
    differing = {path for path in PARAMETERS if demo.parameters[path] != prefecture.parameters[path]}
    assert differing == {"income.standard.urban", "income.standard.rural"}
    assert prefecture.rules == demo.rules


@pytest.mark.parametrize("pack", PACKS)
def test_every_value_has_a_citation_and_the_unit_of_its_parameter(pack: str) -> None:
    steps = [(path, step) for path, dated in load_pack(pack).parameters.items() for step in dated.values()]
    assert all(step.citation.strip() and step.unit == unit_of(path) for path, step in steps)


def test_the_digest_is_of_what_is_said_not_of_how_it_is_written(tmp_path: Path) -> None:
    for source in (PACKS_ROOT / "yunxi").glob("*.yaml"):
        (tmp_path / "yunxi").mkdir(exist_ok=True)
        text = f"# another comment\n{source.read_text(encoding='utf-8')}"
        (tmp_path / "yunxi" / source.name).write_text(text, encoding="utf-8")
    assert load_pack("yunxi", tmp_path).digest == load_pack("yunxi").digest
    file = tmp_path / "yunxi" / "income.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("70000", "70001"), encoding="utf-8")
    assert load_pack("yunxi", tmp_path).digest != load_pack("yunxi").digest


def test_packs_have_different_digests() -> None:
    assert len({load_pack(name).digest for name in PACKS}) == len(PACKS)


def test_an_unknown_pack_is_answered_with_the_packs_there_are() -> None:
    with pytest.raises(PackInvalid, match=r"chongqing, demo, demo-prefecture, .*yunxi"):
        load_pack("../yunxi")


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "said"),
    [
        ("income.yaml", "resident_pension_disregard:", "resident_pension_disregrad:", "income.yaml:14", "did you mean income.resident_pension_disregard?"),
        ("income.yaml", "        value: 70000", "        valeu: 70000", "income.yaml:5", "has no value"),
        ("income.yaml", "        value: 70000", "        value: 70000\n        valeu: 1", "income.yaml:7", "did you mean value?"),
        ("income.yaml", "value: 70000", "value: 700.5", "income.yaml:6", "whole numbers"),
        ("income.yaml", "value: 70000", "value: true", "income.yaml:6", "whole numbers"),
        ("income.yaml", "value: 70000", "value: -1", "income.yaml:6", "whole numbers"),
        ("income.yaml", "value: 70000", "value: [A]", "income.yaml:6", "write a whole number"),
        ("assets.yaml", "value: [vehicle]", "value: 1", "assets.yaml", "write a list of codes"),
        ("income.yaml", "unit: fen_per_person_month", "unit: yuan", "income.yaml:7", "[yuan] is not a unit"),
        ("income.yaml", "unit: fen_per_person_month", "unit: count", "income.yaml:7", "is not the unit of income.standard.urban"),
        ("income.yaml", "2024-01-01:", "2024-13-01:", "income.yaml:5", "[2024-13-01] is not a date"),
        ("income.yaml", "2024-01-01:", "2024-1-1:", "income.yaml:5", "is not a date"),
        ("income.yaml", "2024-01-01:", "since:", "income.yaml:5", "neither a date nor a key"),
        ("income.yaml", "    rural:", "      2024-01-01: {value: 1, unit: count, citation: x}\n    rural:", "income.yaml:9", "stands twice"),
        ("income.yaml", "income:", "- income:", "income.yaml", "is not"),
        ("amounts.yaml", "deaths:\n", "deaths: 3\nx:\n", "amounts.yaml", "holds no keys"),
        ("amounts.yaml", "amount:\n", "income:\n  sources:\n    2024-01-01: {value: [x], unit: codes, citation: y}\namount:\n", "income.yaml", "stated in two files"),
        ("pack.yaml", "vehicle_owned:", "vehicle_ownd:", "pack.yaml", "did you mean vehicle_owned?"),
        ("pack.yaml", "track: eligibility", "track: adverse", "pack.yaml", "rules.vehicle_owned.track"),
        ("pack.yaml", "income.standard.rural", "income.standard.country", "pack.yaml", "is not a standard"),
        ("pack.yaml", "jurisdiction: yunxi", "jurisdiction: yunix", "pack.yaml", "the name of its folder"),
        ("pack.yaml", "rules:", "extends: yunxi\nrules:", "pack.yaml", "extends itself"),
        ("pack.yaml", "rules:", "extends: nowhere\nrules:", "policy/packs", "no pack is called [nowhere]"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_remedy(
    tmp_path: Path, file: str, old: str, new: str, place: str, said: str
) -> None:
    error = broken(tmp_path, file, old, new)
    assert place in error.place
    assert said in str(error)
    assert error.remedy
    assert error.exit_code == 13


def test_a_missing_citation_is_told_with_its_place(tmp_path: Path) -> None:
    stated = re.search(r"\n        citation: 'Yunxi README: \"standard.*\n", _text("yunxi/income.yaml"))
    assert stated
    error = broken(tmp_path, "income.yaml", stated[0], "\n")
    assert error.place == "yunxi/income.yaml:5 income.standard.urban.2024-01-01.citation"
    assert "has no citation" in str(error)


def test_a_pack_without_a_parameter_is_refused(tmp_path: Path) -> None:
    text = _text("yunxi/amounts.yaml")
    error = broken(tmp_path, "amounts.yaml", text[text.index("deaths:") :], "")
    assert "states no deaths.sources" in str(error)


def _text(name: str) -> str:
    return (PACKS_ROOT / name).read_text(encoding="utf-8")


@given(year=st.integers(2014, 2030), number=st.integers(1, 12), path=st.sampled_from(sorted(PARAMETERS)))
def test_a_value_never_begins_after_the_month_it_is_used_in(year: int, number: int, path: str) -> None:
    period = Period(year, number)
    parameter = load_pack_once("demo").value(path, period)
    assert parameter.valid_from <= period.first_day.isoformat()


_LOADED: dict[str, Pack] = {}


def load_pack_once(name: str) -> Pack:
    if name not in _LOADED:
        _LOADED[name] = load_pack(name)
    return _LOADED[name]


@pytest.mark.parametrize("pack", ["demo", "demo-prefecture"])
@pytest.mark.parametrize("when", ["2014-12", "2015-06", "2016-01", "2023-12", "2024-01", "2026-10"])
def test_destitute_support_is_never_below_thirteen_tenths_of_the_dibao_standard(pack: str, when: str) -> None:
    loaded = load_pack(pack)
    basic, _ = loaded.entitlement("tekun", month(when))
    assert basic.number * 10 >= loaded.standard("dibao_urban", month(when)).number * 13


def test_what_dibao_pays_follows_from_the_income_and_names_no_fixed_amount() -> None:
    assert load_pack("demo").entitlement("dibao_urban", month("2026-10")) == ()


def test_an_amount_a_programme_names_must_be_stated(tmp_path: Path) -> None:
    said = broken(
        tmp_path,
        "pack.yaml",
        "dibao_rural: {standard: income.standard.rural}",
        "dibao_rural: {standard: income.standard.rural, entitlement: [support.basic]}",
    )
    assert "states no support.basic" in str(said)


def test_a_pack_says_which_lists_there_are_and_where_the_authorisations_lie(tmp_path: Path) -> None:
    assert "names no lists" in str(broken(tmp_path, "pack.yaml", "lists: [dibao_urban, dibao_rural]", ""))
    told = str(broken(tmp_path, "pack.yaml", "kept: on_file", "kept: nowhere"))
    assert "authorisation.kept" in told and "pack.yaml:" in told


def test_a_pack_without_a_word_on_authorisations_is_refused(tmp_path: Path) -> None:
    text = (PACKS_ROOT / "yunxi" / "pack.yaml").read_text(encoding="utf-8")
    block = text[text.index("authorisation:\n") :]
    assert "does not say where the authorisations are" in str(broken(tmp_path, "pack.yaml", block, ""))


def test_an_extending_pack_takes_over_lists_and_the_word_on_authorisations() -> None:
    demo, prefecture = load_pack("demo"), load_pack("demo-prefecture")
    assert (prefecture.lists, prefecture.authorisation) == (demo.lists, demo.authorisation)
