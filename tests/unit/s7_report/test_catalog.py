"""The Chinese catalog: every message translated, none left over, the same slots on both sides."""

from __future__ import annotations

import re

from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg

from pipelines.reference import ROOT
from pipelines.wording.texts import catalog, texts

_SLOT = re.compile(r"%\((\w+)\)s")


def messages() -> set[str]:
    """Every message of templates and code, as `pybabel extract -F babel.cfg -k N_` finds them."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as handle:
        methods, options = parse_mapping_cfg(handle)
    keywords = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
    root = ROOT / "pipelines"
    at_home = [(pattern.removeprefix("pipelines/"), method) for pattern, method in methods]
    opts = {pattern.removeprefix("pipelines/"): option for pattern, option in options.items()}
    found = extract_from_dir(str(root), at_home, opts, keywords)
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def translated() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Singular message → its English forms and its Chinese ones."""
    pairs = {}
    for message in catalog():
        if not message.id:
            continue
        english = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        chinese = (message.string,) if isinstance(message.string, str) else tuple(message.string)
        pairs[english[0]] = (english, chinese)
    return pairs


def test_every_message_of_the_pages_has_a_chinese_text() -> None:
    assert len(messages()) > 200
    assert sorted(messages() - set(translated())) == []


def test_the_catalog_has_no_text_that_no_page_uses() -> None:
    assert sorted(set(translated()) - messages()) == []


def test_no_chinese_text_is_empty_or_unsure() -> None:
    assert [english for english, (_, chinese) in translated().items() if not all(chinese)] == []
    assert [message.id for message in catalog() if message.id and message.fuzzy] == []


def test_both_languages_have_the_same_slots() -> None:
    differing = [
        english
        for english, (forms, chinese) in translated().items()
        if {slot for form in forms for slot in _SLOT.findall(form)}
        != {slot for form in chinese for slot in _SLOT.findall(form)}
    ]
    assert differing == []


def test_the_words_for_a_flag_never_accuse() -> None:
    said = "".join(text for _, chinese in translated().values() for text in chinese)
    assert [word for word in ("违规", "骗保", "黑名单", "违法") if word in said] == []


def test_the_catalog_is_read_as_it_stands_and_needs_no_compile_step() -> None:
    assert texts("zh").gettext("Motor vehicle owned") == "名下机动车"
    assert texts("en").gettext("Motor vehicle owned") == "Motor vehicle owned"
