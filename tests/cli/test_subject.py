"""What a text means where one thing is wanted, and where all of them are; on a gateway of folders, in this process."""

import click
import pytest

from gateway.cli.subject import Several, Unknown, items_of, one_item, subject_of
from gateway.journal import bulk, schema, search
from tests.steps.company import groups, mail
from tests.steps.site import Site
from tests.steps.test_exchange import itmatt

MANY = search.LIMIT + 3


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path)


def one(gate, text):
    with gate.journal.read() as conn:
        return one_item(conn, text)


def parcels(site, gate):
    return sorted((row["item_id"], row["id"], row["dossier"]) for row in site.rows(gate, "item"))


def test_a_file_leads_to_all_of_its_items_however_many(site, monkeypatch):
    monkeypatch.setattr(search, "PAGE", 50)
    site.post(itmatt(MANY))
    with site.gate() as gate:
        site.poll(gate)
        while site.work_without_assembly(gate):
            pass
        (file,) = site.ids(gate, "file")
        found = [hit.item for hit in items_of(gate, file)]
        assert sorted(found) == sorted(site.ids(gate, "item")) and len(found) == len(set(found)) == MANY


def test_a_pattern_is_no_name(site):
    site.post(itmatt(1))
    with site.gate() as gate:
        site.run(gate)
        ((number, item, _),) = parcels(site, gate)
        for text in (f"{number[:4]}*", "*", "* ", "XX*"):
            with pytest.raises(click.UsageError):
                one(gate, text)
            with pytest.raises(click.UsageError):
                items_of(gate, text)
        with pytest.raises(Several, match=f"{number} .production, accepted: {item}."):
            subject_of(gate, f"{number[:4]}*")


def test_a_reference_of_several_parcels_names_none_of_them(site):
    site.post(itmatt(2))
    with site.gate() as gate:
        site.run(gate)
        (first, *_), (second, *_) = found = parcels(site, gate)
        named = [row for *_, dossier in found for row in search.rows(dossier, [("order", "AB-12")])]
        with gate.journal.write() as conn:
            bulk.insert(conn, schema.identifier, named)
        with pytest.raises(Several) as raised:
            one(gate, "AB-12")
        assert first in str(raised.value) and second in str(raised.value)
        assert len(items_of(gate, "AB-12")) == 2
        assert one(gate, first).item_id == first


def test_the_same_number_on_a_test_line_is_another_parcel(site):
    with site.gate() as gate:
        for place in ("post", "post-test"):
            site.post(itmatt(1), place=place)
        site.run(gate)
        (number, live, _), (_, tried, _) = parcels(site, gate)
        with pytest.raises(Several):
            subject_of(gate, number)
        assert [subject_of(gate, item) for item in (live, tried)] == [live, tried]


def test_what_comes_again_is_the_same_parcel(site):
    with site.gate() as gate:
        for name in ("1", "2"):
            site.post(itmatt(1, reference=f"ITM{name}"), f"{name}.xml")
            site.run(gate)
        (number, *_), (_, *_) = parcels(site, gate)
        assert one(gate, number).state == "accepted", "not the repeat"


def test_the_lrn_of_a_declaration_for_several_names_the_parcel_that_carries_it(site):
    groups(site)
    site.post(mail(3))
    with site.gate() as gate:
        site.run(gate)
        site.clock.at += site_wait(gate)
        site.run(gate)
        (lead,) = [row for row in site.rows(gate, "filing") if row["lead"] == row["id"]]
        assert one(gate, lead["lrn"]).item == lead["item"]


def site_wait(gate):
    return gate.hub.group("uk-h7").wait


def test_what_nothing_is_known_of(site):
    with site.gate() as gate:
        for text in ("", "RR999999999GB"):
            with pytest.raises(Unknown):
                one(gate, text)
            with pytest.raises(Unknown):
                items_of(gate, text)
