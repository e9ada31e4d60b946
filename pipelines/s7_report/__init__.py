"""Stage 7: the month told to people: a static site in two languages, a workbook, the numbers."""

from pipelines.s7_report.data import Report
from pipelines.s7_report.one_household import household_lines
from pipelines.s7_report.report import report
from pipelines.s7_report.summary import summary_lines

__all__ = ["Report", "household_lines", "report", "summary_lines"]
