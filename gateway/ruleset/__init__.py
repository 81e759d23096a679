"""What is in force: tables with what they extend, code lists, grammars, dated tables, settings and the package's version, under one hash."""

from gateway.ruleset.archive import Archive
from gateway.ruleset.manifest import Manifest, survey

__all__ = ["Archive", "Manifest", "survey"]
