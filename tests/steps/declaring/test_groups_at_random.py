"""Parcels declared together, killed anywhere, answered in any order: each declared once, each answer told once."""

import re
import shutil
import tempfile
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.crash.points import points
from tests.steps.answers import response
from tests.steps.company import PIECE, groups, mail, parcels
from tests.steps.declaring.test_group import REJECTED, WAIT, told
from tests.steps.killing import Killed, dying
from tests.steps.site import Site

STEPS = tuple(
    name for name in points() if name.startswith(("group", "translate", "parts", "assemble", "deliver", "answer"))
)


def exchange(site, gate, rejects=lambda _name: 0):
    """All that waits is declared; customs clears each declaration, or rejects it for one goods item."""
    for _ in range(6):
        site.run(gate)
        site.clock.at += WAIT
        site.run(gate)
        if not _answer(site, rejects):
            return


def _answer(site, rejects):
    new = [name for name in site.filed() if not (site.folder / "customs/done" / name).exists()]
    for name in new:
        (site.folder / "customs/done" / name).touch()
        number = rejects(name) % (len(PIECE.findall(site.filed()[name])) + 1)
        lrn = name.removesuffix(".xml")
        if number:
            site.say(response("03", lrn, error=REJECTED.format(item=number), mrn=""), name)
            continue
        for at, code in enumerate(("09", "01", "09")):  # twice, and what was said before it after it
            site.say(
                response(code, lrn, issued="20260915080000Z" if code == "01" else "20260915100000Z"), f"{at}{name}"
            )
    return new


def sound(site, gate, numbers):
    """Each parcel was declared in one declaration that stands, is told once, and the books balance."""
    assert sorted(told(site)) == sorted(numbers)
    assert set(site.states(gate, "filing")) == {"settled"}
    standing = {row["lead"] or row["id"] for row in site.rows(gate, "filing") if row["outcome"] != "rejected"}
    lrns = {row["id"]: row["lrn"] for row in site.rows(gate, "filing")}
    declared = Counter(one for lead in standing for one in parcels(site.filed()[f"{lrns[lead]}.xml"]))
    cleared = {row["item"] for row in site.rows(gate, "filing") if row["outcome"] == "cleared"}
    names = {row["id"]: row["item_id"] for row in site.rows(gate, "item")}
    assert declared == Counter(names[item] for item in cleared)
    assert site.violations(gate) == []


def numbers_of(data):
    return re.findall(rb"<item-id>(\w+)<", data)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_comes_in_whatever_order(data):
    """Parcels of several files, groups of any size, deaths anywhere, rejections of any parcel, answers shuffled."""
    folder = Path(tempfile.mkdtemp(prefix="gateway-groups-"))
    try:
        site = Site(folder)
        groups(site, data.draw(st.integers(1, 9), "goods items"))
        numbers = []
        for seed in range(1, data.draw(st.integers(2, 4), "files")):
            text = mail(data.draw(st.integers(1, 4), "parcels"), seed, reference=f"ITM{seed}")
            numbers += [number.decode() for number in numbers_of(text)]
            site.post(text, f"{seed}.xml")
        faults = data.draw(st.lists(st.integers(0, 8), max_size=4), "rejected")
        deaths = data.draw(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(1, 2)), max_size=3), "deaths")

        def rejects(_name):
            return faults.pop() if faults else 0

        for step, times in deaths:
            with (
                pytest.MonkeyPatch.context() as patch,
                dying(patch, step, times),
                suppress(Killed),
                site.gate() as gate,
            ):
                exchange(site, gate, rejects)
        with site.gate() as gate:
            exchange(site, gate, rejects)
            exchange(site, gate)
            sound(site, gate, sorted(set(numbers)))
    finally:
        shutil.rmtree(folder)
