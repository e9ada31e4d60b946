"""Splink with the settings of its documentation for these files; `splink_wide` adds blocking rules and fields."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.linkage_files import Labelled
from benchmarks.linkage_ways import Answer

_FEBRL_SURE = [
    "l.soc_sec_id = r.soc_sec_id",
    "l.given_name = r.given_name and l.surname = r.surname and l.date_of_birth = r.date_of_birth",
    "l.given_name = r.surname and l.surname = r.given_name and l.date_of_birth = r.date_of_birth",
]
_HISTORICAL_SURE = [
    "l.first_name = r.first_name and l.surname = r.surname and l.dob = r.dob",
    "substr(l.first_name,1,2) = substr(r.first_name,1,2) and l.surname = r.surname "
    "and substr(l.postcode_fake,1,2) = substr(r.postcode_fake,1,2)",
    "l.dob = r.dob and l.postcode_fake = r.postcode_fake",
]
_FAKE_SURE = ["l.first_name = r.first_name and levenshtein(r.dob, l.dob) <= 1", "l.email = r.email"]
_SURE = {
    "febrl4": (_FEBRL_SURE, 0.8), "febrl3": (_FEBRL_SURE, 0.9),
    "historical_50k": (_HISTORICAL_SURE, 0.6), "fake_1000": (_FAKE_SURE, 0.7),
}  # fmt: skip
_RULES = {
    "febrl4": [("given_name", "surname"), ("date_of_birth",), ("soc_sec_id",), ("state", "address_1"),
               ("street_number", "address_1"), ("postcode",)],
    "febrl3": [("soc_sec_id",), ("given_name",), ("surname",), ("date_of_birth",), ("postcode",)],
    "historical_50k": [
        ("first_name", "surname"), ("surname", "dob"), ("first_name", "dob"), ("postcode_fake", "first_name"),
        ("postcode_fake", "surname"), ("dob", "birth_place"), ("substr(postcode_fake,1,3)", "dob"),
        ("substr(postcode_fake,1,3)", "first_name"), ("substr(postcode_fake,1,3)", "surname"),
        ("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
    ],
    "fake_1000": [("first_name",), ("surname",), ("dob",), ("email",)],
}  # fmt: skip
_MORE_RULES = {
    "febrl4": [("given_name",), ("surname",), ("suburb",), ("address_1",), ("address_2",)],
    "febrl3": [("address_1",), ("suburb",)],
    "historical_50k": [
        ("postcode_fake",), ("dob",), ("full_name",), ("surname", "birth_place"), ("first_name", "birth_place"),
        ("birth_place", "substr(dob,1,4)"), ("substr(postcode_fake,1,4)", "substr(dob,1,4)"),
        ("occupation", "birth_place"), ("occupation", "substr(dob,1,4)"),
    ],
    "fake_1000": [("city", "substr(dob,1,4)")],
}  # fmt: skip
_TRAIN = {
    "febrl4": [("date_of_birth",), ("postcode",)], "febrl3": [("date_of_birth",), ("postcode",)],
    "historical_50k": [("first_name", "surname"), ("dob",)], "fake_1000": [("first_name", "surname"), ("dob",)],
}  # fmt: skip
_RANDOM = {"historical_50k": 5e6}
_CLUSTER_AT = 0.95


def splink(file: Labelled) -> Answer:
    return _run(file, wide=False)


def splink_wide(file: Labelled) -> Answer:
    return _run(file, wide=True)


def _comparisons(name: str, wide: bool) -> list[Any]:
    import splink.comparison_library as cl

    exact = {
        column: cl.ExactMatch(column).configure(term_frequency_adjustments=True)
        for column in (
            "street_number",
            "postcode",
            "birth_place",
            "occupation",
            "city",
            "suburb",
            "address_1",
        )
    }
    if name.startswith("febrl"):
        more = [exact["suburb"], exact["address_1"]] if wide else []
        place = (
            exact["postcode"] if name == "febrl4"
            else cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True)
        )  # fmt: skip
        return [
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2] if name == "febrl4" else [1, 2]),
            exact["street_number"],
            place,
            *more,
        ]
    if name == "historical_50k":
        return [
            cl.ForenameSurnameComparison(
                "first_name", "surname", forename_surname_concat_col_name="first_name_surname_concat"
            ),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            exact["birth_place"],
            exact["occupation"],
        ]
    return [
        cl.NameComparison("first_name"),
        cl.NameComparison("surname"),
        cl.DateOfBirthComparison("dob", input_is_string=True),
        exact["city"],
        cl.EmailComparison("email"),
    ]


def _run(file: Labelled, *, wide: bool) -> Answer:
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    rules = _RULES[file.name] + (_MORE_RULES[file.name] if wide else [])
    settings = SettingsCreator(
        link_type="link_only" if file.right is not None else "dedupe_only",
        unique_id_column_name=file.id_column,
        comparisons=_comparisons(file.name, wide),
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in rules],
    )
    api = DuckDBAPI()
    frames = [side.to_pandas() for side in (file.left, file.right) if side is not None]
    if file.name == "historical_50k":
        frames[0]["first_name_surname_concat"] = frames[0]["first_name"] + " " + frames[0]["surname"]
    tables = [api.register(frame, dataset_display_name=f"side_{at}") for at, frame in enumerate(frames)]
    linker = Linker(tables if len(tables) > 1 else tables[0], settings, log_level="ERROR")
    sure, recall = _SURE[file.name]
    linker.training.estimate_probability_two_random_records_match(sure, recall=recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=_RANDOM.get(file.name, 1e6), seed=1)
    for rule in _TRAIN[file.name]:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*rule))
    predicted = linker.inference.predict(threshold_match_probability=0)
    grouped = None
    if file.right is None:
        grouped = linker.clustering.cluster_pairwise_predictions_at_threshold(
            predicted, threshold_match_probability=_CLUSTER_AT
        ).as_pandas_dataframe()
    pairs = predicted.as_pandas_dataframe()
    answer = Answer(
        left=pairs[f"{file.id_column}_l"],
        right=pairs[f"{file.id_column}_r"],
        scores=pairs["match_weight"].to_numpy(dtype=np.float64),
        own=pairs["match_probability"].to_numpy() >= 0.5,
    )
    if grouped is not None:
        named = zip(grouped[file.id_column], grouped["cluster_id"].astype(str), strict=True)
        answer.clusters = dict(named)
    return answer
