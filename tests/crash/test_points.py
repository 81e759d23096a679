"""Every act that outlives the process stands between two named crash points."""

import re
from collections import Counter

from tests.crash.points import DURABLE, GIVEN_AGAIN, REMOTE, ROOT, points, reader, sites, sources


def test_every_durable_or_remote_call_stands_in_a_named_effect():
    bare = [f"{site.at}: {site.call} stands in no effect with a literal name" for site in sites() if not site.name]
    assert bare == []


def test_names_are_used_once_and_say_step_and_verb():
    names = Counter(name for path in sources() for name, _ in reader(path).names())
    assert [name for name, times in names.items() if times > 1] == []
    assert [name for name in names if not re.fullmatch(r"[a-z_]+\.[a-z_]+", name)] == []


def test_the_tables_of_calls_are_not_stale():
    called = {site.call for site in sites()}
    assert set(DURABLE) <= called | {"copytree"}, "that is in a command whose result is made anew"
    assert {f"wire.{name}" for name in REMOTE if name not in {"publish", "move"}} <= called, "the line has those, too"


def test_what_is_exempt_is_there():
    assert [name for name in GIVEN_AGAIN if not (ROOT / "gateway" / name).is_file()] == []


def test_two_requests_of_one_call_are_two_sites():
    """A line's publish by hard link, and what settling does at the partner."""
    found = {site.call for site in sites() if site.at.startswith("gateway/transport")}
    assert found == {"line.move", "line.remove"}
    assert {"publish.unlink.before", "settle.withdraw.after", "settle.remove.after"} <= set(points())


def test_there_are_points():
    assert len(points()) > 100
