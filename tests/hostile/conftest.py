"""One gateway on folders, with a partner for each syntax, that was given every hostile file and a sound one."""

import hashlib
import subprocess
from datetime import UTC, datetime

import pytest

from gateway.demo.corpus import itmatt
from tests.acceptance.daemon import command
from tests.hostile.files import BOOK, JSON, REFERENCE, ROWS, XML, every
from tests.steps.site import Site

FEED = """\
partner: example-{name}
party: {{name: Example {name}, role: platform, country: CN}}
timezone: UTC
connections:
  feed: {{environment: production, directory: PLACE/{name}, every: 1s}}
sends:
  {format}: {{from: "out/*", complete: rename, after: move to done/}}
"""
ROUTE = """\
- route: {name}-h7
  from: {{role: platform, format: {format}, when: {{consignee.address.country: [GB]}}}}
  file: {{with: uk-customs, as: customs/uk/h7}}
  findings: {{default: hold}}
"""
PLACES = {XML: "post", ROWS: "forwarder", JSON: "carrier"}
assert BOOK == ROWS
SOUND = 5


@pytest.fixture(scope="session")
def survivor(tmp_path_factory):
    """The site after its run, and how the run ended."""
    site = Site(tmp_path_factory.mktemp("hostile"))
    routes = site.folder / "config/routes.yaml"
    for format_name, name in ((ROWS, "forwarder"), (JSON, "carrier")):
        site.partner(f"example-{name}", FEED.format(name=name, format=format_name))
        routes.write_text(ROUTE.format(name=name, format=format_name) + routes.read_text())
    given = {}
    for number, (name, file) in enumerate(every()):
        data = file.data().replace(REFERENCE.encode(), b"H%06d" % number)  # none is another's repetition
        posted = f"{number}.xml" if file.format == XML else f"{number}.dat"
        site.post(data, posted, PLACES[file.format])
        given[posted] = name, file.fate, hashlib.sha256(data).hexdigest()
    sound = itmatt(SOUND, 77, day=datetime.now(UTC).date(), sender="FRA", reference="SOUND")
    site.post(b"".join(sound), "zz-sound.xml")
    call = command(site.folder / "config/gateway.yaml", "run", "--once")
    done = subprocess.run(call, capture_output=True, text=True, check=False, timeout=280)
    return site, given, done
