"""The report of a study: one self-contained page."""

from baseload.report.page import render_report, write_report

__all__ = ["render_report", "write_report"]
