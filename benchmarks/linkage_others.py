"""recordlinkage with the classifier of its documentation's example, and GoldenMatch configuring itself."""

from __future__ import annotations

import numpy as np

from benchmarks.linkage_files import Labelled
from benchmarks.linkage_ways import Answer

_BLOCKS = ("given_name", "surname", "date_of_birth", "soc_sec_id", "postcode")


def recordlinkage_way(file: Labelled) -> Answer:
    """Blocks on five columns; exact and Jaro–Winkler comparisons; its unsupervised ECM classifier."""
    import recordlinkage

    frames = [side.to_pandas().set_index("rec_id") for side in (file.left, file.right) if side is not None]
    index = recordlinkage.Index()
    for column in _BLOCKS:
        index.block(column)
    pairs = index.index(*frames)
    compare = recordlinkage.Compare()
    for column in ("given_name", "surname", "address_1", "suburb"):
        compare.string(column, column, method="jarowinkler", threshold=0.85, label=column)
    for column in ("date_of_birth", "soc_sec_id", "postcode", "state"):
        compare.exact(column, column, label=column)
    features = compare.compute(pairs, *frames)
    classifier = recordlinkage.ECMClassifier()
    classifier.fit(features)
    probable = classifier.prob(features).to_numpy()
    left, right = (features.index.get_level_values(level).tolist() for level in (0, 1))
    return Answer(left=left, right=right, scores=probable.astype(np.float64), own=probable >= 0.5)


def goldenmatch_way(file: Labelled) -> Answer:
    """Its probabilistic self-configuration over all columns but the id; it answers clusters and scored pairs."""
    import goldenmatch
    import polars

    frame = polars.from_arrow(file.left)
    ids = file.left[file.id_column].to_pylist()
    frame = frame.drop(file.id_column)
    config = goldenmatch.auto_configure_probabilistic_df(frame)
    found = goldenmatch.dedupe_df(frame, config=config, confidence_required=False, allow_red_config=True)
    answer = Answer(clusters={each: f"alone {each}" for each in ids})
    assert answer.clusters is not None
    for name, cluster in found.clusters.items():
        for member in cluster["members"]:
            answer.clusters[ids[member]] = str(name)
    scored = list(found.scored_pairs)
    answer.left = [ids[pair[0]] for pair in scored]
    answer.right = [ids[pair[1]] for pair in scored]
    answer.scores = np.array([pair[2] for pair in scored], dtype=np.float64)
    answer.own = np.ones(len(scored), dtype=np.bool_)
    return answer
