"""Configuration: models, loader with file:line:column, cross-checks; connections and routes resolved for the steps."""

from gateway.settings.connection import Connection, Inbound, Outbound
from gateway.settings.credentials import Credentials, Secret
from gateway.settings.formatchecks import check_formats
from gateway.settings.gateway import Gateway
from gateway.settings.keeping import Retention
from gateway.settings.loader import examine, load
from gateway.settings.names import FileName
from gateway.settings.partner import Environment, Line, Partner, Party
from gateway.settings.route import Answer, Filing, Join, Origin, Route
from gateway.settings.settings import Settings
from gateway.settings.values import Brake, Completion, CredentialReference, Schedule, Sftp, Tidy
from gateway.settings.watching import Alerts

__all__ = [
    "Alerts",
    "Answer",
    "Brake",
    "Completion",
    "Connection",
    "CredentialReference",
    "Credentials",
    "Environment",
    "FileName",
    "Filing",
    "Gateway",
    "Inbound",
    "Join",
    "Line",
    "Origin",
    "Outbound",
    "Partner",
    "Party",
    "Retention",
    "Route",
    "Schedule",
    "Secret",
    "Settings",
    "Sftp",
    "Tidy",
    "check_formats",
    "examine",
    "load",
]
