"""Addresses that are not a partner's: a mailbox, a mail server, a door on this machine.

>>> parse_server("mail.example.org"), parse_server("[::1]:2525")
(Server(host='mail.example.org', port=None), Server(host='::1', port=2525))
>>> parse_mailbox("duty@example.org"), parse_mailbox("duty")
('duty@example.org', None)
"""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Annotated

from gateway.settings.values import Written

PORTS = 65_535


@dataclass(frozen=True)
class Server:
    """A host, and a port where it is not the usual one."""

    host: str
    port: int | None = None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"

    @property
    def is_here(self) -> bool:
        """What is sent there does not leave this machine."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def parse_server(text: str) -> Server | None:
    found = re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[\w.-]+)(?::(\d{1,5}))?", text)
    if not found or not 0 < int(found[2] or 1) <= PORTS:
        return None
    return Server(found[1].strip("[]"), int(found[2]) if found[2] else None)


def parse_door(text: str) -> Server | None:
    """An address and a port to listen at."""
    found = parse_server(text)
    return found if found and found.port else None


def parse_mailbox(text: str) -> str | None:
    return text if re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)*", text, re.ASCII) else None


Mailbox = Annotated[str, Written(str, parse_mailbox, "a mail address such as duty@example.org", pattern=r"^\S+@\S+$")]
MailServer = Annotated[Server, Written(Server, parse_server, "a server such as mail.example.org or 127.0.0.1:2525")]
Door = Annotated[Server, Written(Server, parse_door, "an address and port such as 127.0.0.1:9464", pattern=r"^.+:\d+$")]
