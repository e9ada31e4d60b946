"""The changes. Each yields the cases of one sound delivery: bytes, and the row count its sign-off states."""

import gzip
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.mutation.deliveries import Sound, xml

SEED = 20261123
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "big5", "latin-1", "shift_jis")
TEN_MB = 10 << 20
_TEN = 10


@dataclass(frozen=True, kw_only=True)
class Case:
    """`rows` None: no sign-off came. `md5_of`: the sign-off was written for these bytes instead."""

    data: bytes
    rows: int | None
    md5_of: bytes | None = None


def header_renamed(sound: Sound) -> Iterator[Case]:
    for at, name in enumerate(sound.columns):
        yield _headed(sound, _with(sound.columns, at, f"{name}X"))


def header_added(sound: Sound) -> Iterator[Case]:
    for at in range(len(sound.columns) + 1):
        columns = (*sound.columns[:at], "NEW", *sound.columns[at:])
        rows = [(*row[:at], "1", *row[at:]) for row in sound.rows]
        yield Case(data=sound.write(columns, rows), rows=len(rows))


def header_missing(sound: Sound) -> Iterator[Case]:
    for at in range(len(sound.columns)):
        columns = (*sound.columns[:at], *sound.columns[at + 1 :])
        rows = [(*row[:at], *row[at + 1 :]) for row in sound.rows]
        yield Case(data=sound.write(columns, rows), rows=len(rows))


def header_duplicated(sound: Sound) -> Iterator[Case]:
    for at in range(1, len(sound.columns)):
        yield _headed(sound, _with(sound.columns, at, sound.columns[at - 1]))


def columns_in_another_order(sound: Sound) -> Iterator[Case]:
    """Header and cells move together: the same facts."""
    for at in range(1, len(sound.columns)):
        yield Case(
            data=sound.write(
                _swapped(sound.columns, at, at - 1), [_swapped(r, at, at - 1) for r in sound.rows]
            ),
            rows=len(sound.rows),
        )


def name_and_number_swapped(sound: Sound) -> Iterator[Case]:
    """The cells of two columns change places and the header does not."""
    one, two = sound.at(sound.name), sound.at(sound.id_no)
    yield Case(
        data=sound.write(sound.columns, [_swapped(r, one, two) for r in sound.rows]), rows=len(sound.rows)
    )


def cut_under_the_old_md5(sound: Sound) -> Iterator[Case]:
    whole = sound.data
    for end in range(len(whole)):
        yield Case(data=whole[:end], rows=len(sound.rows), md5_of=whole)


def cut_and_signed_off_anew(sound: Sound) -> Iterator[Case]:
    """The md5 is that of the cut bytes; the row count is still the whole file's."""
    whole = sound.data
    for end in range(len(whole)):
        yield Case(data=whole[:end], rows=len(sound.rows))


def cut_without_a_sign_off(sound: Sound) -> Iterator[Case]:
    """Every fifth byte: nothing states how much there should be."""
    whole = sound.data
    for end in range(0, len(whole), 5):
        yield Case(data=whole[:end], rows=None)


def stray_quote(sound: Sound) -> Iterator[Case]:
    """One quotation mark before every character after the header line."""
    text = sound.data.decode(sound.encoding)
    start = text.index("\n") + 1
    for at in range(start, len(text) + 1):
        yield Case(data=(text[:at] + '"' + text[at:]).encode(sound.encoding), rows=len(sound.rows))


def two_stray_quotes(sound: Sound) -> Iterator[Case]:
    text = sound.data.decode(sound.encoding)
    dice = _dice()
    for _ in range(100):
        one, two = sorted(dice.sample(range(text.index("\n") + 1, len(text)), 2))
        changed = text[:one] + '"' + text[one:two] + '"' + text[two:]
        yield Case(data=changed.encode(sound.encoding), rows=len(sound.rows))


def wrong_encoding(sound: Sound) -> Iterator[Case]:
    text = sound.data.decode(sound.encoding)
    for encoding in ENCODINGS:
        if encoding != sound.encoding:
            yield Case(data=text.encode(encoding, "replace"), rows=len(sound.rows))


def half_in_another_encoding(sound: Sound) -> Iterator[Case]:
    """From each line on the bytes are in the other of the two usual encodings."""
    lines = sound.data.decode(sound.encoding).splitlines(keepends=True)
    own = sound.encoding.removesuffix("-sig")
    other = "utf-8" if own == "gb18030" else "gb18030"
    for at in range(1, len(lines)):
        yield Case(
            data="".join(lines[:at]).encode(own) + "".join(lines[at:]).encode(other), rows=len(sound.rows)
        )


def amount_times(factor: int, every: int) -> Callable[[Sound], Iterator[Case]]:
    def change(sound: Sound) -> Iterator[Case]:
        rows = sound.changed(
            sound.amount, lambda number, amount: amount if number % every else _times(amount, factor)
        )
        yield Case(data=sound.write(sound.columns, rows), rows=len(rows))

    return change


def lines_shuffled(sound: Sound) -> Iterator[Case]:
    for seed in range(_TEN):
        rows = _dice(seed).sample(sound.rows, len(sound.rows))
        yield Case(data=sound.write(sound.columns, rows), rows=len(rows))


def line_twice(sound: Sound) -> Iterator[Case]:
    for at, row in enumerate(sound.rows):
        rows = (*sound.rows[: at + 1], row, *sound.rows[at + 1 :])
        yield Case(data=sound.write(sound.columns, rows), rows=len(rows))


def line_ends(sound: Sound) -> Iterator[Case]:
    whole = sound.data.replace(b"\r\n", b"\n")
    for end in (b"\n", b"\r\n", b"\r", b"\n\n", b"\r\r\n", b"\n\r", b"\x0b\n", b"\xe2\x80\xa8", b"\x85"):
        yield Case(data=whole.replace(b"\n", end), rows=len(sound.rows))
    for at in range(1, len(sound.rows)):
        parts = whole.split(b"\n")
        yield Case(data=b"\r\n".join(parts[:at]) + b"\n" + b"\n".join(parts[at:]), rows=len(sound.rows))


def nul_byte(sound: Sound) -> Iterator[Case]:
    yield from _inserted(sound, b"\0", 40)


def control_byte(sound: Sound) -> Iterator[Case]:
    for byte in (b"\n", b"\r", b"\x1a", b"\x1f", b"\xff"):
        yield from _inserted(sound, byte, 20)


def byte_changed(sound: Sound) -> Iterator[Case]:
    """60 bytes at random, each made another at random."""
    whole, dice = sound.data, _dice()
    for at in dice.sample(range(len(whole)), 60):
        yield Case(data=whole[:at] + bytes([whole[at] ^ dice.randrange(1, 256)]) + whole[at + 1 :], rows=None)


def gz_bit_flipped(sound: Sound) -> Iterator[Case]:
    """Every single bit, the md5 being that of the changed bytes: the gz's own checksum must tell."""
    whole = sound.data
    for bit in range(len(whole) * 8):
        at = bit // 8
        yield Case(
            data=whole[:at] + bytes([whole[at] ^ 1 << bit % 8]) + whole[at + 1 :], rows=len(sound.rows)
        )


def long_line(sound: Sound) -> Iterator[Case]:
    """10 MB in one cell, and 10 MB of delimiters."""
    middle = len(sound.rows) // 2
    for filling in ("长" * (TEN_MB // 3), "," * TEN_MB, '"' * TEN_MB):
        rows = sound.changed(sound.name, lambda n, name, filling=filling: filling if n == middle else name)
        yield Case(data=sound.write(sound.columns, rows), rows=len(rows))


def bomb(sound: Sound) -> Iterator[Case]:
    """gz: 100 MB of one byte, of records, gz in gz. XML: entities that multiply."""
    record = xml(sound.columns, sound.rows[:1])
    for inner in (b" " * 100_000_000, b"<sqs>" + b"<sq>" * 20_000_000, gzip.compress(gzip.compress(record))):
        yield Case(data=gzip.compress(inner), rows=len(sound.rows))
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    declared = f"<!DOCTYPE sqs [{entities}]><sqs><sq><xm>&e11;</xm></sq></sqs>".encode()
    yield Case(data=gzip.compress(declared), rows=1)
    yield Case(data=gzip.compress(b"<a>" * 2_000_000), rows=0)


def _dice(seed: int = SEED) -> random.Random:
    return random.Random(seed)  # noqa: S311


def _headed(sound: Sound, columns: tuple[str, ...]) -> Case:
    return Case(data=sound.write(columns, sound.rows), rows=len(sound.rows))


def _with(cells: tuple[str, ...], at: int, cell: str) -> tuple[str, ...]:
    return (*cells[:at], cell, *cells[at + 1 :])


def _swapped(cells: tuple[str, ...], one: int, two: int) -> tuple[str, ...]:
    found = list(cells)
    found[one], found[two] = found[two], found[one]
    return tuple(found)


def _times(amount: str, factor: int) -> str:
    """Exactly, as text: 2038.72 × 100 = 203872.00."""
    plain = amount.strip('"').replace(",", "")
    whole, _, part = plain.partition(".")
    return f"{int(whole + part) * factor // 10 ** len(part)}" if part else f"{int(whole) * factor}"


def _inserted(sound: Sound, byte: bytes, count: int) -> Iterator[Case]:
    whole, dice = sound.data, _dice()
    for at in dice.sample(range(len(whole)), count):
        yield Case(data=whole[:at] + byte + whole[at:], rows=None)
