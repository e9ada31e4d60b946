"""Hedui 核对: cross-check the economic status of households that receive social assistance.

`ls pipelines` reads as the process: land, standardise, validate, link, assess, flag, report.
Imports run downward only (held by import-linter): cli → run → flow → stages → lineage →
sources | policy → store → contracts → base.
"""
