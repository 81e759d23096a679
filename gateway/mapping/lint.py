"""Lint of built tables: what can be known before any message comes."""

from collections.abc import Collection, Sequence
from typing import Any

from gateway.findings.finding import Finding
from gateway.mapping.build import Built


def lint(built: Built, syntaxes: Collection[str]) -> tuple[Finding, ...]:
    return ()


def validity(heads: Sequence[Any], every: Sequence[Any]) -> tuple[Finding, ...]:
    return ()
