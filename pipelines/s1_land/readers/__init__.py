"""One reader a file form: bytes in, addressed lines out. `read(content, layout, place)` chooses by format."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from pipelines.base.errors import LayoutBroken
from pipelines.s1_land.content import Content, InMemory, whole
from pipelines.s1_land.readers import dbf, delimited, fixed, json_pages, workbook, xml
from pipelines.s1_land.readers.cells import one_line
from pipelines.s1_land.readers.lines import Lines
from pipelines.sources.inflate import Unpackable, unpacked
from pipelines.sources.spec import Dbf, Delimited, Fixed, JsonPages, Layout, Workbook, Xml


def read(content: Content, layout: Layout, *, place: str) -> Iterator[Lines]:
    """The lines of a file, a stretch at a time; a DeliveryRefused when it has not its declared form.

    Text comes in stretches; the forms that must be read as a whole come as one.
    """
    form = layout.format
    if isinstance(form, Delimited):
        yield from delimited.read(content, form, layout.delivered_columns, place=place)
    elif isinstance(form, Fixed):
        yield from fixed.read(content, form, place=place)
    else:
        yield _read_whole(whole(content), layout, place)


def _read_whole(data: bytes, layout: Layout, place: str) -> Lines:
    form, columns = layout.format, layout.delivered_columns
    if isinstance(form, Dbf):
        return dbf.read(data, form, columns, place=place)
    if isinstance(form, JsonPages):
        return json_pages.read(data, form, columns, place=place)
    if isinstance(form, Xml):
        return xml.read(data, form, columns, place=place)
    if isinstance(form, Workbook):
        return workbook.read(data, form, columns, place=place)
    raise AssertionError(f"a format without a reader: [{form}]")


def opened(content: Content, layout: Layout, *, place: str) -> Content:
    """The file itself, or what is inside it when it comes packed."""
    if not layout.packed:
        return content
    try:
        return InMemory(unpacked(whole(content), layout.packed))
    except Unpackable as error:
        raise LayoutBroken(str(error), place=place, remedy="ask for the file again") from error


def is_text(layout: Layout) -> bool:
    """Whether its lines are lines of text, which have bytes of their own."""
    return isinstance(layout.format, Delimited | Fixed)


def shown_cells(line: bytes, layout: Layout) -> list[str]:
    """The cells of one line of text for people to look at: signs that cannot be read stand as U+FFFD."""
    form = layout.format
    if isinstance(form, Fixed):
        ends = list(accumulate(form.widths.values()))
        return [
            line[at:end].decode(form.encoding, "replace") for at, end in zip([0, *ends], ends, strict=False)
        ]
    assert isinstance(form, Delimited)  # noqa: S101
    return one_line(line.decode(form.encoding, "replace"), form)


__all__ = ["Lines", "is_text", "opened", "read", "shown_cells"]
