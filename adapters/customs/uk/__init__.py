"""His Majesty's Revenue & Customs: the customs declaration service of the United Kingdom."""

from adapters.customs.uk.authority import UnitedKingdom

__all__ = ["AUTHORITY"]

AUTHORITY = UnitedKingdom()
