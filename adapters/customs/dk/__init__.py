"""The Danish Customs Agency: DMS, the declaration management system, import."""

from adapters.customs.dk.authority import Denmark
from gateway.mapping.protocols import Authority

__all__ = ["AUTHORITY"]

AUTHORITY: Authority = Denmark()
