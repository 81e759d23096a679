"""His Majesty's Revenue & Customs: the customs declaration service of the United Kingdom."""

from adapters.customs.uk.authority import UnitedKingdom
from gateway.mapping.protocols import Authority

__all__ = ["AUTHORITY"]

AUTHORITY: Authority = UnitedKingdom()
