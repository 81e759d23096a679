"""Where the journal lies when it is not a file in the state folder: a database on a PostgreSQL server.

The URL is libpq's; whatever else libpq takes may stand behind a question mark (`sslmode`, `sslrootcert`, `passfile`,
`service`). A password never does, and nothing that libpq does not know.

>>> parse_database("postgresql://gateway@db.example.org/gateway?sslmode=verify-full")
'postgresql://gateway@db.example.org/gateway?sslmode=verify-full'
>>> parse_database("mysql://db/gateway")
"""

import importlib.util
from collections.abc import Iterable
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from pydantic_core import PydanticCustomError

from gateway.settings.secret import PASSWORDS, is_secret
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
    names = parse_qs(parts.query, keep_blank_values=True)
    if parts.password or is_secret(text.partition("?")[0]) or PASSWORDS.intersection(names):
        raise PydanticCustomError("password_open", "password in the URL")
    if parts.scheme != "postgresql" or not parts.path.strip("/"):
        return None
    return text if _is_taken(text, names) else None


def _is_taken(text: str, names: Iterable[str]) -> bool:
    """Whether libpq takes this URL, as far as it is here to be asked; a parameter it has not is named."""
    try:
        from psycopg import Error, pq  # noqa: PLC0415  # of an extra
        from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415
    except ImportError:
        return True
    known = {option.keyword.decode() for option in pq.Conninfo.parse(b"")}
    if unknown := [name for name in names if name not in known]:
        raise PydanticCustomError("parameter", "{name}", {"name": unknown[0]})
    try:
        conninfo_to_dict(text)
    except Error:
        return False
    return True


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
