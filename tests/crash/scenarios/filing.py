"""Post to customs and back, raw bytes purged: a message of which one item is at fault."""

import re
from collections.abc import Callable

from gateway.steps.ground.gate import Gate
from gateway.steps.keeping import purge
from tests.crash.partners import Partner, clear, missing, names_sent, repeated, told
from tests.crash.stage import Counts, Scenario
from tests.steps.site import Site
from tests.steps.test_exchange import itmatt

FAULTY = {2: "gross-zero"}
MAIL = itmatt(3, 1, faults=FAULTY, reference="ITM1")


def numbers(data: bytes) -> list[str]:
    """The parcels of a message of the post."""
    return sorted(number.decode() for number in re.findall(rb"<item-id>(\w+)<", data))


PARCELS = numbers(MAIL)
SOUND = len(PARCELS) - len(FAULTY)


def lay(site: Site) -> None:
    site.change("gateway.yaml", "raw: 90d", "raw: 0m")
    Partner(site.folder / "post").say("a.xml", MAIL)


def exchange(site: Site, turn: Callable[[], object], answer: Callable[[Partner], bool]) -> None:
    """One turn after another until neither partner has anything to take or to say."""
    post, customs = Partner(site.folder / "post"), Partner(site.folder / "customs")
    work = True
    while work:
        turn()
        work = answer(customs) | post.take()


def live(site: Site, gate: Gate) -> None:
    exchange(site, lambda: site.run(gate), lambda customs: clear(customs, site.clock.at) | bool(purge.purge(gate)))


def count(site: Site) -> Counts:
    """Each sound parcel is declared once, each parcel is told once."""
    filed, heard = names_sent(Partner(site.folder / "customs")), told(Partner(site.folder / "post"))
    short = [f"{SOUND - len(filed)} declarations"] if len(filed) < SOUND else []
    return Counts(short + missing(PARCELS, heard), repeated(filed) + repeated(heard))


SCENARIO = Scenario("filing", lay, live, count)
