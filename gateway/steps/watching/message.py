"""One message about many alarms: for programs as JSON, for people as a text; short however many there are.

Every code is told with its count and its first subjects, each with what it means and what to do. Texts are of the
environment's language. Nothing in it names a person: values of alarms are covered when they are raised.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo

import msgspec

from gateway.findings.finding import Severity
from gateway.locale import translate, translate_word
from gateway.steps.watching.notice import Alarm, Status, Taken


def _(message: str) -> str:
    return message


STATUS = {"new": _("new"), "still": _("still there"), "over": _("over")}
NAMED = 5  # alarms of one code and status that are told one by one
WIDEST = 120  # characters of a subject line


class Group(msgspec.Struct, frozen=True):
    """Alarms of one code in one status: how many, and the first of them."""

    code: str
    name: str
    severity: Severity
    status: Status
    count: int
    alarms: tuple[Alarm, ...]


class Message(msgspec.Struct, frozen=True):
    """What a program gets on its input. `severity` is the worst of what is not over, else `info`."""

    gateway: str
    at: datetime
    severity: Severity
    subject: str
    counts: dict[Status, int]
    groups: tuple[Group, ...]
    schema_version: int = 1

    def as_json(self) -> bytes:
        return msgspec.json.encode(self) + b"\n"


def message_of(gateway: str, taken: Taken) -> Message:
    """The message about what was taken; the order of `taken`, the worst first, stays."""
    counts = Counter(one.status for one in taken.alarms)
    lasting = [one for one in taken.alarms if one.status != "over"]
    told: dict[Status, int] = {"new": counts["new"], "still": counts["still"], "over": counts["over"]}
    return Message(
        gateway=gateway,
        at=taken.at,
        severity=lasting[0].severity if lasting else "info",
        subject=_subject(gateway, told, lasting or list(taken.alarms)),
        counts=told,
        groups=tuple(_groups(taken.alarms)),
    )


def _groups(alarms: tuple[Alarm, ...]) -> Iterator[Group]:
    together: dict[tuple[str, Status], list[Alarm]] = {}
    for one in alarms:
        together.setdefault((one.code, one.status), []).append(one)
    for (code, status), each in together.items():
        yield Group(code, each[0].name, each[0].severity, status, len(each), tuple(each[:NAMED]))


def _subject(gateway: str, counts: dict[Status, int], first: list[Alarm]) -> str:
    told = {"gateway": gateway, "new": counts["new"], "still": counts["still"], "over": counts["over"]}
    head = translate("[%(gateway)s] alarms: %(new)s new, %(still)s still there, %(over)s over") % told
    return _cut(f"{head}: {first[0].message}" if len(first) == 1 else head)


def _cut(text: str) -> str:
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"


def as_text(message: Message, zone: tzinfo = UTC) -> str:
    """For people; times are told in a zone."""
    return "\n".join(line for group in message.groups for line in _told(group, zone)) + "\n"


def _told(group: Group, zone: tzinfo) -> Iterator[str]:
    severity, status = translate_word("severity", group.severity), translate(STATUS[group.status])
    yield f"{severity} {group.code} ({status}): {group.count}"
    for one in group.alarms:
        since = one.since.astimezone(zone).strftime("%Y-%m-%d %H:%M %Z")
        yield "  " + translate("%(what)s (since %(since)s)") % {"what": one.message, "since": since}
    if group.count > len(group.alarms):
        yield "  " + translate("and %(count)s more") % {"count": group.count - len(group.alarms)}
    if group.status != "over":
        yield "  " + translate("what to do: %(hint)s") % {"hint": group.alarms[0].hint}
    yield ""
