"""What is in force, under one hash: tables, lists, grammars, official schemas, settings, the package's version."""

from gateway.ruleset.archive import Archive
from gateway.ruleset.manifest import Manifest, survey

__all__ = ["Archive", "Manifest", "survey"]
