"""Parcels declared together; customs rejects a declaration for its first parcel, and the others are declared again."""

import re
from collections import Counter
from datetime import timedelta

from gateway.steps.ground.gate import Gate
from tests.crash.partners import Partner, Taken, missing, repeated, told
from tests.crash.scenarios.filing import exchange
from tests.crash.stage import Counts, Scenario
from tests.steps.answers import response
from tests.steps.company import groups, mail, parcels
from tests.steps.declaring.test_group import REJECTED, WAIT
from tests.steps.site import Site

MAIL = mail(5)
PARCELS = sorted(number.decode() for number in re.findall(rb"<item-id>(\w+)<", MAIL))
FIRST = re.search(rb"<item-id>(\w+)<", MAIL)[1].decode()


def lay(site: Site) -> None:
    groups(site, 6)
    Partner(site.folder / "post").say("a.xml", MAIL)


def live(site: Site, gate: Gate) -> None:
    exchange(site, lambda: in_company(site, gate), _answer)


def in_company(site: Site, gate: Gate, wait: timedelta = WAIT) -> None:
    """What is declared with others waits for them, and goes when its time is over."""
    site.run(gate)
    site.clock.at += wait
    site.run(gate)


def _answer(customs: Partner) -> bool:
    """Cleared, said twice and with an older word after it; or rejected."""
    came = customs.take()
    spoke = [
        customs.say(f"{at}-{one.name}", response(code, one.lrn, **facts))
        for one in customs.log()
        for at, (code, facts) in enumerate(REFUSING if _rejected(one) else CLEARING)
    ]
    return came or any(spoke)


REFUSING = (("03", {"error": REJECTED.format(item=1), "mrn": ""}),)
CLEARING = tuple((code, {"issued": f"202609151{hour}0000Z"}) for code, hour in (("09", 1), ("01", 0), ("09", 1)))


def _rejected(one: Taken) -> bool:
    return len(parcels(one.data)) > 1 and parcels(one.data)[0] == FIRST


def count(site: Site) -> Counts:
    """Each parcel stands in one declaration that customs did not reject for it, and is told once."""
    log, heard = Partner(site.folder / "customs").log(), told(Partner(site.folder / "post"))
    stands = Counter(
        number for one in log for number in (parcels(one.data)[:1] if _rejected(one) else parcels(one.data))
    )
    return Counts(missing(PARCELS, heard) + missing(PARCELS, stands), repeated(heard) + repeated(stands))


SCENARIO = Scenario("grouped", lay, live, count)
