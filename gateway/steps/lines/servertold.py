"""What the probe found at a partner's server, in words: a line a matter, and what a person should know of it."""

from collections.abc import Iterator

from gateway.findings import Finding
from gateway.findings.catalogue import entry, hint, text
from gateway.steps.lines.diagnosis import Diagnosis
from gateway.transport.capabilities import Capabilities

WAYS = {
    "rename": "by rename, which refuses a name that is taken",
    "hardlink": "by hard link, as rename overwrites",
    "posix_rename": "by a rename that would overwrite, after a look",
}
RIGHTS = ("remove", "mkdir", "rename_across")
KINDS = ("case_sensitive", "spaces_in_names", "utf8_names", "any_bytes_in_names")
UNTRIED = "DLV640"


def told(line: str, found: Capabilities) -> Iterator[Diagnosis]:
    """All that was found, and after it what is not as it should be."""
    yield Diagnosis(f"{line}: server", "ok", found.banner)
    for matter, words in _matters(found):
        yield Diagnosis(f"{line}: {matter}", "ok", words)
    for code in found.codes:
        yield said(line, code, seconds=f"{found.clock_offset or 0:+.0f}")


def untried(line: str) -> Diagnosis:
    return said(line, UNTRIED)


def said(line: str, code: str, **values: str) -> Diagnosis:
    made = Finding(code, entry(code).severity, {"connection": line, **values})
    return Diagnosis(f"{line}: server", "warn", text(made), f"{hint(made)} (gateway rule {code})")


def _matters(found: Capabilities) -> Iterator[tuple[str, str]]:
    yield "publishing", WAYS[found.publish_mode]
    yield "files", _which(found, ("exclusive_create", "stat_after_close", "readable", "read_twice", "fsync", "statvfs"))
    yield "renames", _which(found, ("rename", "rename_refuses", "posix_rename", "hardlink"))
    yield "rights", _which(found, RIGHTS)
    yield "names", f"up to {found.longest_name} bytes; {_which(found, KINDS)}"
    order = "in order" if found.in_order else "out of order"
    yield "at a time", f"{found.in_flight} requests on a channel, answered {order}; {found.channels} channels"
    if found.clock_offset is not None:
        resolution = f"{found.time_resolution} s" if found.time_resolution else "not known"
        yield "clock", f"{found.clock_offset:+.1f} s from ours; files a second apart: {resolution}"
    if found.free_bytes is not None:
        yield "room", f"{found.free_bytes // 1_000_000:,} MB"
    yield "profile", ", ".join(f"{key}: {value}" for key, value in found.profile.items())


def _which(found: Capabilities, names: tuple[str, ...]) -> str:
    """What works, and then what does not."""
    works = [name.replace("_", " ") for name in names if found.can(name)]
    fails = [name.replace("_", " ") for name in names if not found.can(name)]
    return ", ".join(works) + (f"; not: {', '.join(fails)}" if fails else "")
