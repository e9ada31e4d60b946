"""The site's Chinese catalog: every message has a text, none is left over, both sides have the same slots."""

from __future__ import annotations

import re

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg

from pipelines.reference import ROOT
from pipelines.web.words import catalog as own
from pipelines.wording.texts import catalog as of_cases

_SLOT = re.compile(r"%\((\w+)\)s")


def messages() -> set[str]:
    with (ROOT / "babel_web.cfg").open(encoding="utf-8") as handle:
        methods, options = parse_mapping_cfg(handle)
    keywords = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
    prefix = "pipelines/web/"
    at_home = [(pattern.removeprefix(prefix), method) for pattern, method in methods]
    opts = {pattern.removeprefix(prefix): option for pattern, option in options.items()}
    found = extract_from_dir(str(ROOT / "pipelines" / "web"), at_home, opts, keywords)
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def translated(catalog: Catalog) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    pairs = {}
    for message in catalog:
        if message.id:
            english = (message.id,) if isinstance(message.id, str) else tuple(message.id)
            chinese = (message.string,) if isinstance(message.string, str) else tuple(message.string)
            pairs[english[0]] = (english, chinese)
    return pairs


def test_every_message_of_the_site_has_a_chinese_text_in_one_of_the_catalogs() -> None:
    assert len(messages()) > 100
    assert sorted(messages() - set(translated(own())) - set(translated(of_cases()))) == []


def test_the_sites_own_catalog_has_no_text_that_no_page_uses() -> None:
    assert sorted(set(translated(own())) - messages()) == []


def test_no_chinese_text_is_empty_and_slots_agree() -> None:
    for english, (forms, chinese) in translated(own()).items():
        assert all(chinese), english
        assert {slot for form in forms for slot in _SLOT.findall(form)} == {
            slot for form in chinese for slot in _SLOT.findall(form)
        }, english
