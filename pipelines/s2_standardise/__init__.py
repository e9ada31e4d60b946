"""Standardise: ids, names, dates, money and codes in one form, the raw value kept beside the clean one."""

from pipelines.s2_standardise.standardise import Standardised, counted_once, standardise

__all__ = ["Standardised", "counted_once", "standardise"]
