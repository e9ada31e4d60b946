"""One reader a file form: bytes in, addressed lines out. `read(data, layout, place)` chooses by format."""

from __future__ import annotations

from pipelines.base.errors import LayoutBroken
from pipelines.s1_land.readers import dbf, delimited, fixed, json_pages, workbook, xml
from pipelines.s1_land.readers.lines import Lines
from pipelines.sources.inflate import Unpackable, unpacked
from pipelines.sources.spec import Dbf, Delimited, Fixed, JsonPages, Layout, Workbook, Xml


def read(data: bytes, layout: Layout, *, place: str) -> Lines:
    """The lines of a file under its declared layout; a DeliveryRefused when it does not have that form."""
    form = layout.format
    try:
        data = unpacked(data, layout.packed)
    except Unpackable as error:
        raise LayoutBroken(str(error), place=place, remedy="ask for the file again") from error
    if isinstance(form, Delimited):
        return delimited.read(data, form, layout.delivered_columns, place=place)
    if isinstance(form, Fixed):
        return fixed.read(data, form, place=place)
    if isinstance(form, Dbf):
        return dbf.read(data, form, layout.delivered_columns, place=place)
    if isinstance(form, JsonPages):
        return json_pages.read(data, form, layout.delivered_columns, place=place)
    if isinstance(form, Xml):
        return xml.read(data, form, layout.delivered_columns, place=place)
    if isinstance(form, Workbook):
        return workbook.read(data, form, layout.delivered_columns, place=place)
    raise AssertionError(f"a format without a reader: [{form}]")


__all__ = ["Lines", "read"]
