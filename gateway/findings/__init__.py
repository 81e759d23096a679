"""Findings and exceptions: what can be wrong, where, whose fault it is and what to do next."""

from gateway.findings.finding import Finding, Position, Row, Severity

__all__ = ["Finding", "Position", "Row", "Severity"]
