"""Where the journal lies when it is not a file in the state folder: a database on a PostgreSQL server.

The URL is libpq's; whatever else libpq takes may stand behind a question mark (`sslmode`, `sslrootcert`, `passfile`,
`service`). Its password never does.

>>> parse_database("postgresql://gateway@db.example.org/gateway?sslmode=verify-full")
'postgresql://gateway@db.example.org/gateway?sslmode=verify-full'
>>> parse_database("mysql://db/gateway")
"""

import importlib.util
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from pydantic_core import PydanticCustomError

from gateway.settings.values import Written

EXTRA = ("psycopg", "procrastinate")
"""What the installation extra `postgres` brings."""


def parse_database(text: str) -> str | None:
    """The URL; empty for none. A password in it is refused with words of its own: it would be shown otherwise."""
    if not text:
        return text
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  # raises for what is no number
    except ValueError:
        return None
    if parts.password or "password" in parse_qs(parts.query):
        raise PydanticCustomError("password_open", "password in the URL")
    return text if parts.scheme == "postgresql" and parts.path.strip("/") else None


def is_equipped() -> bool:
    """Whether the libraries for a server are installed."""
    return all(importlib.util.find_spec(name) is not None for name in EXTRA)


Database = Annotated[
    str,
    Written(
        str,
        parse_database,
        "a database such as postgresql://gateway@db.example.org/gateway",
        pattern="^(postgresql://.+)?$",
    ),
]
