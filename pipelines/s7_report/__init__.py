"""Stage 7: the month told to people: a static site in two languages, a workbook, the numbers."""

from pipelines.s7_report.data import Report, ReportData
from pipelines.s7_report.report import report
from pipelines.s7_report.summary import summary_lines

__all__ = ["Report", "ReportData", "report", "summary_lines"]
