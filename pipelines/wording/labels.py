"""Codes of the contracts in words. A reason or outcome without words stops the report; it is never guessed."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.base.errors import ContractBroken
from pipelines.sources.spec import load_spec, source_names
from pipelines.wording.masking import safe_text
from pipelines.wording.texts import N_, Texts

# In the order the pages list them.
REASONS: Mapping[str, str] = {
    "vehicle_owned": N_("Motor vehicle owned"),
    "dwellings_over": N_("More dwellings than allowed"),
    "non_residential_owned": N_("Shop or office owned"),
    "business_owned": N_("Post or share in a business"),
    "financial_assets_over": N_("Financial assets above the limit"),
    "income_over_standard": N_("Income above the standard"),
    "amount_above_entitlement": N_("Paid more than the entitlement"),
    "amount_below_entitlement": N_("Paid less than is certainly due"),
    "paid_differs_from_list": N_("Payment differs from the list"),
    "member_deceased": N_("Member recorded as having died"),
    "member_in_custody": N_("Member recorded as in custody"),
    "spouse_not_listed": N_("Spouse not on the list"),
    "hukou_left": N_("Hukou moved out or struck off"),
    "death_disputed": N_("Record of a death in dispute"),
    "head_unclear": N_("Head of household unclear"),
    "listed_twice": N_("Listed in two households"),
    "programmes_stacked": N_("Benefits that may not be had together"),
    "paid_after_death": N_("Allowance paid after a death"),
    "disability_subsidy_unfounded": N_("Disability subsidy without its certificate"),
    "elder_allowance_early": N_("Allowance for the very old before the age"),
    "authorisation_missing": N_("Authorisation missing"),
    "identity_to_confirm": N_("Identity to be confirmed"),
}
OUTCOMES: Mapping[str, str] = {
    "exit_suggested": N_("Check whether conditions are still met"),
    "population_change": N_("Update the household's members"),
    "decrease_suggested": N_("Check whether to reduce"),
    "increase_suggested": N_("Check whether to raise"),
    "verify_first": N_("Confirm first"),
    "cannot_verify": N_("Cannot be verified"),
    "keep": N_("Keep unchanged"),
}
TIERS: Mapping[str, str] = {
    "dibao_marginal": N_("dibao marginal household"),
    "rigid_expenditure": N_("household in hardship by unavoidable spending, once its spending is asked"),
}
VERDICTS: Mapping[str, str] = {
    "within": N_("within the limit"),
    "exceeded": N_("to be checked"),
    "cannot_verify": N_("cannot be verified"),
    "to_confirm": N_("to be confirmed"),
}
STATES: Mapping[str, str] = {
    "opened": N_("New this month"),
    "kept": N_("Also last month"),
    "closed": N_("No longer present"),
}
PROGRAMMES: Mapping[str, str] = {
    "dibao_urban": N_("Urban dibao"),
    "dibao_rural": N_("Rural dibao"),
    "tekun": N_("Destitute support"),
}
DELIVERY_STATES: Mapping[str, str] = {
    "accepted": N_("Accepted"),
    "used": N_("Used"),
    "superseded": N_("Replaced by a later one"),
    "refused": N_("Refused"),
    "held": N_("Held"),
    "repeated": N_("Same bytes sent again"),
    "empty": N_("No data rows"),
}
CAUSES: Mapping[str, str] = {
    "DeliveryRefused": N_("The delivery cannot be used"),
    "MissingColumn": N_("A column is missing or unknown"),
    "WrongEncoding": N_("Not in the agreed encoding"),
    "UnknownCode": N_("A code nobody has defined"),
    "DigestWrong": N_("Not the file its sign-off describes"),
    "LayoutBroken": N_("Not in the agreed layout"),
    "ExpectationStopped": N_("Stopped by a quality check"),
    "DeliveryHeld": N_("Too unlike the delivery before; waits for a named person's release"),
}
STATUSES: Mapping[str, str] = {
    "matched": N_("Record found"),
    "no_record": N_("No record"),
    "not_checked": N_("Not checked"),
}
STATUS_REASONS: Mapping[str, str] = {
    "not_received": N_("not received"),
    "refused": N_("refused"),
    "held": N_("held until a named person releases it"),
    "waived": N_("the operator went on without it"),
    "no_source_yet": N_("source not connected yet"),
    "empty": N_("delivery without rows"),
    "not_authorised": N_("a member's authorisation is missing, expired or withdrawn: have it signed again"),
}
STANDINGS: Mapping[str, str] = {
    "not_signed": N_("no authorisation signed"),
    "form_differs": N_("the signed form bears another name or id number: correct the list or the form"),
    "expired": N_("authorisation expired"),
    "withdrawn": N_("authorisation withdrawn"),
    "valid": N_("this source not authorised"),
}
UNREAD: Mapping[str, str] = {
    "no source of this name": N_("no source of this name"),
    "not a batch folder yyyymmdd_nn": N_("not a batch folder yyyymmdd_nn"),
    "sign-off missing: not complete": N_("sign-off missing: not complete"),
}
METHODS: Mapping[str, str] = {
    "exact_id": N_("Same id number"),
    "exact_id15": N_("Same id number in its 15-digit form"),
    "lent_id": N_("Same id number, lent by the hukou register"),
    "repaired_id": N_("Id number with one slip corrected"),
    "scored": N_("Several fields together"),
    "name_only": N_("Name only"),
    "judged": N_("Judged by a named person"),
}
REVIEW_REASONS: Mapping[str, str] = {
    "identity_conflict": N_("The id number agrees and the name does not"),
    "below_match_threshold": N_("The fields agree, but not enough to be sure"),
    "name_only": N_("Only the name agrees"),
    "tie": N_("Two members fit equally well"),
    "another_record": N_("Another record of this source is held to be the member's"),
}
FIELDS: Mapping[str, str] = {
    "name": N_("Name"),
    "id": N_("Id number"),
    "id_no": N_("Id number"),
    "birth_date": N_("Birth date"),
    "sex": N_("Sex"),
    "address": N_("Address"),
    "company": N_("Others beside them"),
}
LEVELS: Mapping[str, str] = {
    "equal": N_("same"),
    "equal_15": N_("same, 15-digit form"),
    "equal_damaged": N_("same damaged number on both sides"),
    "in_id": N_("counted with the id number"),
    "missing": N_("missing on one side"),
    "different": N_("different"),
    "variant": N_("variant form of a character"),
    "homophone": N_("one character, same sound"),
    "look_alike": N_("one character, similar shape"),
    "lost_character": N_("a rare character was lost"),
    "cut_name": N_("name cut short"),
    "first_part": N_("only the first part of a long name"),
    "long_one_edit": N_("long name, one letter differs"),
    "surname_changed": N_("same given name, other surname"),
    "one_edit": N_("one character differs"),
    "two_edits": N_("two characters differ"),
    "cut_agrees": N_("cut number, the rest agrees"),
    "masked_agrees": N_("masked number, the rest agrees"),
    "few_digits": N_("too few digits to compare"),
    "one_digit_15": N_("one digit differs, 15-digit form"),
    "differ_valid": N_("different, both valid"),
    "differ": N_("different, one damaged"),
    "parts_swapped": N_("day and month swapped"),
    "one_part_differs": N_("year, month or day differs"),
    "same_number": N_("same place and number"),
    "same_village": N_("same village"),
    "number_differs": N_("same village, other number"),
    "same_town": N_("same township"),
    "similar_text": N_("similar text"),
    "other_village": N_("same township, other village"),
    "different_place": N_("other place"),
    "together": N_("linked to the same household"),
    "apart": N_("linked to other households"),
}
# Where a level means another thing than with the other fields.
_LEVELS_OF_FIELD: Mapping[tuple[str, str], str] = {("company", "missing"): N_("nobody linked by number")}
CONFIDENCES: Mapping[str, str] = {"high": N_("high"), "medium": N_("medium"), "low": N_("low")}
CODES: Mapping[str, str] = {
    "dwelling": N_("dwelling"),
    "parking": N_("parking space"),
    "shop": N_("shop"),
    "office": N_("office"),
    "current": N_("current right"),
    "historical": N_("historical right"),
    "sole": N_("sole owner"),
    "common": N_("owned in common"),
    "employee": N_("employee pension"),
    "resident": N_("resident pension"),
    "paid": N_("paid"),
    "returned": N_("returned"),
    "suspended": N_("suspended"),
    "ended": N_("ended"),
    "police": N_("police registration"),
    "cremation": N_("cremation register"),
    "medical": N_("medical certificate"),
    "quarantine": N_("rows set aside"),
    "warn": N_("warning"),
    "stop": N_("delivery refused"),
}
# Sources that rules name before their registry is connected; connected ones have their title in their YAML.
LATER_SOURCES: Mapping[str, str] = {
    "benefits": N_("Other benefits"),
    "securities": N_("Securities"),
    "insurance": N_("Commercial insurance"),
}


def strict(words: Mapping[str, str], code: str, t: Texts) -> str:
    """The words of a code, or ContractBroken: these codes must be known to be shown."""
    if code not in words:
        raise ContractBroken(
            f"no words for the code [{code}]", place="report", remedy="add them to labels.py"
        )
    return t.gettext(words[code])


def lenient(words: Mapping[str, str], code: str, t: Texts) -> str:
    """The words of a code, or the code itself where that does no harm."""
    return t.gettext(words[code]) if code in words else code


def level_title(field: str, level: str, t: Texts) -> str:
    """What a comparison found, in a few words."""
    own = _LEVELS_OF_FIELD.get((field, level))
    return t.gettext(own) if own else lenient(LEVELS, level, t)


def unread_folder(said: str, t: Texts) -> tuple[str, str]:
    """A folder nobody reads and why, from "bank/ (no source of this name)"."""
    name, opened, cause = safe_text(said).partition(" (")
    return name, lenient(UNREAD, cause.removesuffix(")"), t) if opened else ""


def source_title(source: str, t: Texts) -> str:
    """What a source is called: its YAML's title, or the name known for a later one."""
    if source in source_names():
        title = load_spec(source).title
        return title.zh if t.is_zh else title.en
    return lenient(LATER_SOURCES, source, t)
