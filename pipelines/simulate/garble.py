"""One damaged value from one clean value: what hands, old systems and Excel do to names and id numbers."""

from __future__ import annotations

from functools import cache

from pipelines import reference
from pipelines.simulate.draw import Rng

DOT = "·"
_BODY = 17
_EXCEL_DIGITS = 15
_BIRTH = slice(6, 14)
_LOST = ("?", "*", "□", "?", "\ue34b", "\ue2f4")
_OTHER_X = ("x", "x", "x", "x", "Ｘ", "Ｘ", "*", "×")
_NOTES = ("（户主）", "（大）", "（小）")
_WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def pick(rng: Rng, options: list[str] | tuple[str, ...]) -> str:
    return options[int(rng.integers(0, len(options)))]


def one_digit(rng: Rng, number: str) -> str:
    """One wrong digit among the first 17; the check character always tells."""
    place = int(rng.integers(0, _BODY))
    digit = (int(number[place]) + int(rng.integers(1, 10))) % 10
    return f"{number[:place]}{digit}{number[place + 1 :]}"


def swapped(rng: Rng, number: str) -> str:
    """Two neighbouring digits that differ, exchanged."""
    places = [place for place in range(_BODY - 1) if number[place] != number[place + 1]]
    if not places:
        return number
    place = places[int(rng.integers(0, len(places)))]
    return f"{number[:place]}{number[place + 1]}{number[place]}{number[place + 2 :]}"


def excel_cut(number: str) -> str:
    """What a spreadsheet keeps of a number typed as one: 15 significant digits."""
    return number[:_EXCEL_DIGITS] + "000"


def as_shown_by_excel(number: str) -> str:
    """The same, saved as the sheet showed it."""
    shown = f"{int(number) / 10**17:.5f}"
    return f"{shown}E+17"


def other_x(rng: Rng, number: str) -> str:
    return number[:-1] + pick(rng, _OTHER_X)


def full_width(number: str) -> str:
    return number.translate(_WIDE)


def spaced_number(rng: Rng, number: str) -> str:
    """Blanks around or inside, or the apostrophe that keeps a spreadsheet from counting."""
    if not number.strip():
        return number
    grouped = f"{number[:6]} {number[_BIRTH]} {number[14:]}" if len(number) > _EXCEL_DIGITS else f"{number} "
    return pick(rng, (f"'{number}", f" {number}", f"{number} ", f"{number}\u3000", grouped))


@cache
def _alternatives(file_name: str) -> dict[str, list[str]]:
    """Character → the characters that stand in for it, best first where the table ranks them."""
    table: dict[str, list[str]] = {}
    for row in reference.table(file_name).to_pylist():
        if row.get("same_tone", 1):
            table.setdefault(row["char"], []).append(row["alt"])
    return table


def _replaced(rng: Rng, name: str, file_name: str) -> str:
    """One character, chosen among those the table knows, replaced; the name itself when it knows none."""
    table = _alternatives(file_name)
    places = [place for place, character in enumerate(name) if character in table]
    if not places:
        return name
    place = places[int(rng.integers(0, len(places)))]
    return name[:place] + pick(rng, table[name[place]]) + name[place + 1 :]


def homophone(rng: Rng, name: str) -> str:
    return _replaced(rng, name, "homophones.parquet")


def lookalike(rng: Rng, name: str) -> str:
    return _replaced(rng, name, "shape_confusions.csv")


def variant(rng: Rng, name: str) -> str:
    return _replaced(rng, name, "trad_variant.csv")


def spaced_name(rng: Rng, name: str) -> str:
    """A blank after the surname, as on forms, or blanks behind."""
    return pick(rng, (f"{name[0]} {name[1:]}", f"{name[0]}\u3000{name[1:]}", f"{name} ", f"{name}  "))


def noted(rng: Rng, name: str) -> str:
    return name + pick(rng, _NOTES)


@cache
def _rare_characters() -> frozenset[str]:
    return frozenset(reference.table("rare_chars.csv")["char"].to_pylist())


def has_rare(name: str) -> bool:
    return not _rare_characters().isdisjoint(name)


def rare_lost(rng: Rng, name: str) -> str:
    """Rare characters as a system without them shows them."""
    lost = pick(rng, _LOST)
    return "".join(lost if character in _rare_characters() else character for character in name)


@cache
def _dots() -> list[str]:
    forms = [form or "" for form in reference.table("middle_dot_variants.csv")["char"].to_pylist()]
    return [form for form in forms if form not in (DOT, ",")]


def other_dot(rng: Rng, name: str) -> str:
    return name.replace(DOT, pick(rng, _dots()))


def cut_name(rng: Rng, name: str) -> str:
    """The front four to six characters: what a narrow field keeps."""
    return name[: int(rng.integers(4, 7))]
