"""What `hedui accuracy` says on a terminal, in Chinese or English."""

from __future__ import annotations

from pipelines.run.accuracy import METHOD, Accuracy, Overall
from pipelines.run.accuracy_sample import Sample
from pipelines.run.exact_share import cases_needed
from pipelines.run.judge_rates import MILLION, Share
from pipelines.run.told import aligned

_PER_CENT = 10_000
_MOST_ERRORS = 3
_FLAGGED = {"zh": ("未预警", "有预警"), "en": ("not flagged", "flagged")}
_PLAN = {"zh": ("允许错例", "至少抽查户数"), "en": ("errors allowed", "households to review")}
_DRAWN = {
    "zh": ("类别", "预警", "名单户数", "抽取户数"),
    "en": ("programme", "flags", "listed", "drawn"),
}
_RATES = {
    "zh": ("类别", "预警", "名单户数", "已核", "不确定", "错保", "漏保"),
    "en": ("programme", "flags", "listed", "reviewed", "unsure", "错保 wrongly in", "漏保 wrongly out"),
}


def plan_lines(most_ppm: int, tail_ppm: int, lang: str) -> list[str]:
    """How many cases show the rate, by how many of them may be wrong."""
    rows = [
        (str(errors), str(cases_needed(errors, most_ppm, tail_ppm))) for errors in range(_MOST_ERRORS + 1)
    ]
    return ["  ".join(row) for row in aligned([_PLAN[lang], *rows])]


def sample_lines(sample: Sample, lang: str) -> list[str]:
    """How many were drawn of each stratum."""
    rows = [
        (programme, _FLAGGED[lang][flagged], str(size), str(_drawn(sample, programme, flagged)))
        for (programme, flagged), size in sample.sizes.items()
    ]
    return ["  ".join(row) for row in aligned([_DRAWN[lang], *rows])]


def accuracy_lines(found: Accuracy, lang: str) -> list[str]:
    """Both rates by stratum and over all, with the method and what may be claimed."""
    rows = [
        (
            one.programme,
            _FLAGGED[lang][one.is_flagged],
            str(one.households),
            str(one.reviewed),
            str(one.unsure),
            _share(one.wrongly_in),
            _share(one.wrongly_out),
        )
        for one in found.strata
    ]
    total = (
        "合计" if lang == "zh" else "all",
        "",
        *(
            str(sum(getattr(one, name) for one in found.strata))
            for name in ("households", "reviewed", "unsure")
        ),
        _overall(found.wrongly_in),
        _overall(found.wrongly_out),
    )
    return ["  ".join(row) for row in aligned([_RATES[lang], *rows, total])] + _claim(found, lang)


def _claim(found: Accuracy, lang: str) -> list[str]:
    right, least = _overall(found.wrong), _per_cent(found.claim_ppm)
    if lang == "zh":
        return [
            f"错保与漏保合计 {right}（95% 双侧区间）。",
            f"可声明：以 95% 置信度，认定准确率不低于 {least}（不确定的按有误计）。",
            METHOD["zh"],
            "抽样框为当月名单内家庭；名单外的漏保不在其中。",
        ]
    return [
        f"Wrong in either direction: {right} (two-sided 95 %).",
        f"To claim: with 95 % confidence at least {least} of determinations are right (the unsure count as wrong).",
        METHOD["en"],
        "The sample is of households on the month's lists: who is missing from the lists is not in it.",
    ]


def _drawn(sample: Sample, programme: str, flagged: bool) -> int:
    return sum(one.stratum == (programme, flagged) for one in sample.drawn)


def _share(share: Share) -> str:
    if share.ppm is None:
        return "–"
    return f"{share.part}/{share.whole} {_span(share.ppm, share.low_ppm, share.high_ppm)}"


def _overall(rate: Overall) -> str:
    return "–" if rate.ppm is None else _span(rate.ppm, rate.low_ppm, rate.high_ppm)


def _span(ppm: int, low: int, high: int) -> str:
    return f"{_per_cent(ppm)} [{_per_cent(low)}, {_per_cent(high)}]"


def _per_cent(ppm: int) -> str:
    """Two decimals, from whole millionths; never rounded up to all."""
    hundredths = min(ppm, MILLION) * 100 // _PER_CENT
    return f"{hundredths // 100}.{hundredths % 100:02d}%"
