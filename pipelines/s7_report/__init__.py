"""Stage 7: the month told to people: a static site in two languages, a workbook, the numbers."""

from pipelines.s7_report.candidate_words import candidate_sentence, candidate_title, masked_name
from pipelines.s7_report.data import Report, ReportData
from pipelines.s7_report.one_household import household_lines
from pipelines.s7_report.report import report
from pipelines.s7_report.summary import summary_lines
from pipelines.s7_report.texts import Language

__all__ = [
    "Language",
    "Report",
    "ReportData",
    "candidate_sentence",
    "candidate_title",
    "household_lines",
    "masked_name",
    "report",
    "summary_lines",
]
