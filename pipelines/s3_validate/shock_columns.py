"""Gates on single columns: another unit, another column's values, a middle or spread nobody believes.

An amount in another unit is found by its distance: 元 for 分 or 万元 for 元 moves values by exactly 100 or 10,000,
so values are missing where they stood and appear where 100 or 10,000 times (a hundredth of) them stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from math import isqrt

from pipelines.s3_validate.profile import (
    HUNDREDFOLD,
    PERCENT,
    PERMILLE,
    ZERO,
    ColumnProfile,
    Profile,
    Share,
    bounds,
)
from pipelines.s3_validate.shock_shape import Shock, Title
from pipelines.sources.gates import ColumnGate, Gates

_FEWEST_OUTSIDE = 2  # a single strange value is a typing error
_FEWEST_MOVED = 8  # fewer may be chance
_SPREAD = 2  # standard deviations a count of one size may differ by chance, of which there are many
_FAR = 3  # and a share of the whole
# sizes up or down → how it is said
_MOVES = {
    HUNDREDFOLD: ("扩大100倍", "100 times larger"),
    2 * HUNDREDFOLD: ("扩大10,000倍", "10,000 times larger"),
    -HUNDREDFOLD: ("缩小到百分之一", "a hundredth"),
    -2 * HUNDREDFOLD: ("缩小到万分之一", "a ten-thousandth"),
}


def column_shocks(
    now: Mapping[str, Profile], before: Mapping[str, Profile], gates: Gates, titles: Mapping[str, Title]
) -> Iterator[Shock]:
    """The column gates a landing does not pass, table by table."""
    for table, profile in sorted(now.items()):
        for name, column in profile.columns.items():
            title = titles.get(name, Title(name=name))
            if name in gates.columns:
                yield from _believed(column, gates.columns[name], title)
        for pair in gates.order:
            yield from _disordered(profile, pair, gates.reversed_permille, titles)
        if table in before:
            yield from _compared(profile, before[table], gates, titles)


def _believed(column: ColumnProfile, gate: ColumnGate, title: Title) -> Iterator[Shock]:
    middle = column.middle
    if middle is None and gate.middle and column.counts.get(ZERO):
        yield Shock(
            gate="middle",
            zh=f"列[{title.name}]没有大于零的值，应在{_band(*gate.middle, title)[0]}",
            en=f"column [{title.name}] has no value above zero; {_band(*gate.middle, title)[1]} is believed",
        )
    if middle is None:
        return
    least = gate.surname_permille
    known = column.surnamed.part + _FAR * isqrt(column.surnamed.whole)
    if least is not None and known * PERMILLE < column.surnamed.whole * least:
        yield Shock(
            gate="names",
            zh=f"列[{title.name}]以姓氏开头的{column.surnamed}，至少应有{least}‰",
            en=f"column [{title.name}]: {column.surnamed} begin with a surname; "
            f"{least} in a thousand at least are believed",
        )
    if gate.middle and not _touches(column, middle, gate.middle):
        found, band = _span(column, middle, title), _band(*gate.middle, title)
        yield Shock(
            gate="middle",
            zh=f"列[{title.name}]的中间值在{found[0]}，应在{band[0]}",
            en=f"column [{title.name}]: the middle value lies in {found[1]}; {band[1]} is believed",
        )
    if not gate.usual:
        return
    outside = sum(n for size, n in column.sized.items() if not _touches(column, size, gate.usual))
    share = Share(part=outside, whole=sum(column.sized.values()))
    if outside >= _FEWEST_OUTSIDE and share.above(gate.outside_permille):
        band = _band(*gate.usual, title)
        yield Shock(
            gate="usual",
            zh=f"列[{title.name}]有{share}个值不在{band[0]}之内，上限{gate.outside_permille}‰",
            en=f"column [{title.name}]: {share} values lie outside {band[1]}; "
            f"{gate.outside_permille} in a thousand are allowed",
        )


def _compared(now: Profile, before: Profile, gates: Gates, titles: Mapping[str, Title]) -> Iterator[Shock]:
    for name, column in now.columns.items():
        old, title = before.columns.get(name), titles.get(name, Title(name=name))
        if old and gates.moved_permille is not None and column.kind == "amount":
            yield from _moved(column, old, gates.moved_permille, title)
        if old and gates.emptied_points is not None:
            yield from _emptied(column, old, gates.emptied_points, title)
    if gates.exchanged_points is None:
        return
    for one, two in combinations(now.columns, 2):
        names = tuple(titles.get(name, Title(name=name)).name for name in (one, two))
        swapped = list(_swapped(now, before, (one, two), names, gates.exchanged_points))
        yield from swapped
        if not swapped and gates.reordered_points is not None:
            yield from _reordered(now, before, (one, two), names, gates.reordered_points)


def _moved(now: ColumnProfile, before: ColumnProfile, permille: int, title: Title) -> Iterator[Shock]:
    """Values that seem to stand in another unit than last time: of the four moves the one that tells most."""
    whole = sum(now.sized.values())
    if not whole or not before.sized:
        return
    told = {sizes: moved(now.sized, before.sized, sizes) for sizes in _MOVES}
    # Whatever moved by 10,000 lies on the way of 100 as well: the farther move is the better account of it.
    sizes = max(told, key=lambda sizes: told[sizes] * (PERCENT + abs(sizes)))
    found = told[sizes]
    share = Share(part=found, whole=whole)
    if found < _FEWEST_MOVED or not share.above(permille):
        return
    zh, en = _MOVES[sizes]
    yield Shock(
        gate="unit",
        zh=f"列[{title.name}]约{share}个值像是{zh}（单位不同？），上限{permille}‰",
        en=f"column [{title.name}]: about {share} values look {en} compared with last time (another unit?); "
        f"{permille} in a thousand are allowed",
    )


def moved(now: Mapping[int, int], before: Mapping[int, int], sizes: int) -> int:
    """How many values now seem to have moved by so many sizes, or a multiple of it, since.

    Both must show: values missing where they stood, and more than chance allows where moved ones would stand.
    Rising pensions, a new programme or more rows do one of the two, or both at other distances.
    """
    whole, earlier = sum(now.values()), sum(before.values())
    missing = dict.fromkeys(range(abs(sizes)), 0)  # of the sizes already passed, by what they have in common
    found = 0
    for size in sorted({*now, *before}, reverse=sizes < 0):
        expected = before.get(size, 0) * whole // earlier
        extra, path = now.get(size, 0) - expected, size % abs(sizes)
        found += max(0, min(extra - _SPREAD * isqrt(expected), missing[path]))
        missing[path] = max(0, missing[path] - extra)
    return found


def _emptied(now: ColumnProfile, before: ColumnProfile, points: int, title: Title) -> Iterator[Shock]:
    """A column lost its values: left out by the sender, or cut to zero in another unit."""
    found, earlier = now.without_value, before.without_value
    if _rose(found, earlier, points):
        yield Shock(
            gate="emptied",
            zh=f"列[{title.name}]空值或零{found}，上次{earlier}，最多可升{points}个百分点",
            en=f"column [{title.name}]: {found} cells are empty or zero, {earlier} last time; "
            f"a rise of {points} points is allowed",
        )


def _swapped(
    now: Profile, before: Profile, pair: tuple[str, str], names: tuple[str, ...], points: int
) -> Iterator[Shock]:
    """Both columns changed, and each is twice nearer to what the other was than to what it was itself."""
    if not all(name in profile.columns for profile in (now, before) for name in pair):
        return
    (one, two), (old_one, old_two) = ([profile.columns[name] for name in pair] for profile in (now, before))
    if one.kind != two.kind:
        return
    own = (_unlike(one, old_one), _unlike(two, old_two))
    other = (_unlike(one, old_two), _unlike(two, old_one))
    if min(own) <= points * (PERMILLE // PERCENT) or 2 * sum(other) > sum(own):
        return
    yield Shock(
        gate="swap",
        zh=f"列[{names[0]}]与列[{names[1]}]像是互换了：与上次本列相差{own[0]}‰、{own[1]}‰，"
        f"与上次对方列只差{other[0]}‰、{other[1]}‰",
        en=f"columns [{names[0]}] and [{names[1]}] seem exchanged: they differ by {own[0]} ‰ and {own[1]} ‰ from "
        f"their own past, by only {other[0]} ‰ and {other[1]} ‰ from each other's",
    )


def _unlike(one: ColumnProfile, two: ColumnProfile) -> int:
    """How much of two columns does not lie in the same sizes, empty cells included, in thousandths."""
    wholes = [sum(column.counts.values()) + column.empty for column in (one, two)]
    if not all(wholes):
        return 0
    pairs = [(one.empty, two.empty)] + [
        (one.counts.get(size, 0), two.counts.get(size, 0)) for size in {*one.counts, *two.counts}
    ]
    apart = sum(abs(a * wholes[1] - b * wholes[0]) for a, b in pairs)
    return apart * PERMILLE // (2 * wholes[0] * wholes[1])


def _reordered(
    now: Profile, before: Profile, pair: tuple[str, str], names: tuple[str, ...], points: int
) -> Iterator[Shock]:
    """One of two columns is the larger, or the later, in many more records than last time."""
    for (one, two), (first, last) in ((pair, names), (pair[::-1], names[::-1])):
        found, earlier = now.above(one, two), before.above(one, two)
        if _rose(found, earlier, points):
            yield Shock(
                gate="order",
                zh=f"列[{first}]大于（晚于）列[{last}]的记录{found}条，上次{earlier}条，最多可升{points}个百分点",
                en=f"[{first}] is above (after) [{last}] in {found} records, {earlier} last time; "
                f"a rise of {points} points is allowed",
            )


def _disordered(
    profile: Profile, pair: tuple[str, str], permille: int, titles: Mapping[str, Title]
) -> Iterator[Shock]:
    """The first of two columns never exceeds the second where all is right."""
    found = profile.above(*pair)
    if found.part < _FEWEST_OUTSIDE or not found.above(permille):
        return
    first, last = (titles.get(name, Title(name=name)).name for name in pair)
    yield Shock(
        gate="order",
        zh=f"列[{first}]大于（晚于）列[{last}]的记录{found}条，上限{permille}‰",
        en=f"[{first}] is above (after) [{last}] in {found} records; {permille} in a thousand are allowed",
    )


def _rose(found: Share, earlier: Share, points: int) -> bool:
    """The share rose by more points than allowed, and by more records than chance explains."""
    if not earlier.whole or not found.exceeds(earlier, points):
        return False
    expected = earlier.part * found.whole // earlier.whole
    return found.part - expected > max(_FAR * isqrt(expected), _FEWEST_OUTSIDE)


def _touches(column: ColumnProfile, size: int, band: tuple[int, int]) -> bool:
    """Whether the values of a size may lie in the band."""
    least, most = bounds(size) if column.kind == "amount" else (size, size)
    return least <= band[1] and most >= band[0]


def _span(column: ColumnProfile, size: int, title: Title) -> tuple[str, str]:
    return _band(*(bounds(size) if column.kind == "amount" else (size, size)), title)


def _band(least: int, most: int, title: Title) -> tuple[str, str]:
    """A band in Chinese and English; amounts in 元 and m², cut to whole ones from 1 up."""
    zh, en = {"yuan": ("元", " yuan"), "area": ("平方米", " m²"), "plain": ("", "")}[title.unit]
    told = [_told(value, title) for value in (least, most)]
    return f"{told[0]}至{told[1]}{zh}", f"{told[0]} to {told[1]}{en}"


def _told(value: int, title: Title) -> str:
    if title.unit == "plain":
        return str(value)
    if abs(value) < PERCENT:
        return f"0.{value:02d}"
    return f"{value // PERCENT:,}"
