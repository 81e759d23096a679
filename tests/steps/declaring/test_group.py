"""Several parcels in one declaration: who waits for whom, who is left out, who travels with whom."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from gateway.journal import schema
from gateway.journal.search import find
from gateway.steps.answering.dossier import dossier
from gateway.steps.declaring.requests import ask
from gateway.steps.declaring.withdrawal import carry_out, plan
from gateway.steps.ground.refusal import NotPossible
from gateway.steps.hearing import collect
from gateway.steps.hearing.filings import Wanted
from gateway.steps.repeating import operate
from tests.steps.answers import response
from tests.steps.company import goods_items, groups, mail, parcels

WAIT = timedelta(minutes=10)
MRN = "26GB1AB2CD3EF4GHR5"


@pytest.fixture
def site(site):
    groups(site)
    return site


def filings(site, gate):
    return sorted(site.rows(gate, "filing"), key=lambda row: row["id"])


def test_parcels_wait_for_each_other_and_become_one_declaration(site):
    site.post(mail(3))
    with site.gate() as gate:
        site.run(gate)
        assert site.states(gate, "filing") == {"waiting": 3} and not site.filed()
        site.clock.at += WAIT
        site.run(gate)
        assert site.states(gate, "filing") == {"lodged": 3}
        ((name, text),) = site.filed().items()
        lead, *others = filings(site, gate)
        assert name == f"{lead['lrn']}.xml"
        assert goods_items(text) == sum(row["goods"] for row in (lead, *others))
        assert {row["lead"] for row in others} == {lead["id"]} == {lead["lead"]}
        assert {row["delivery"] for row in others} == {lead["delivery"]}
        assert site.violations(gate) == []


def test_a_transport_that_leaves_waits_for_no_other_parcel(site):
    rule = 'customs/uk/h7-grouped: {to: in, name: "{lrn}.xml", per_file: 1'
    site.change("partners/uk-customs.yaml", rule, f"{rule}, cut_off: 2h before departure")
    leaves = (site.clock.at + timedelta(hours=2, minutes=6)).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = f"<transport-date>{leaves}</transport-date><sender><"
    site.post(mail(3).replace(b"<sender><", said.encode(), 1))
    with site.gate() as gate:
        site.run(gate)
        assert not site.filed()
        site.clock.at += WAIT / 2
        site.run(gate)
        assert site.states(gate, "filing") == {"lodged": 3} and len(site.filed()) == 1
        assert "DLV667" not in site.codes(gate, "filing") and site.violations(gate) == []


def test_a_full_declaration_waits_for_nobody(site):
    site.change("routes.yaml", "items: 99", "items: 4")
    site.post(mail(12))
    with site.gate() as gate:
        site.run(gate)
        before = [goods_items(text) for text in site.filed().values()]
        assert before and all(number <= 4 for number in before)
        waiting = [row["goods"] for row in filings(site, gate) if row["state"] == "waiting"]
        assert sum(waiting) < 4
        site.clock.at += WAIT
        site.run(gate)
        assert site.states(gate, "filing") == {"lodged": 12}
        assert sum(map(goods_items, site.filed().values())) == sum(row["goods"] for row in filings(site, gate))
        assert site.violations(gate) == []


def test_only_what_is_alike_is_declared_together(site):
    site.change("routes.yaml", "by: [postage.currency]", "by: [consignor.name]")
    site.post(mail(6))
    with site.gate() as gate:
        site.clock.at -= WAIT
        site.run(gate)
        site.clock.at += WAIT * 2
        site.run(gate)
        by = {row["id"]: row["together"] for row in filings(site, gate)}
        assert len(set(by.values())) == len(site.filed()) > 1
        assert all(by[row["id"]] == by[row["lead"]] for row in filings(site, gate))


def test_an_answer_is_one_of_each_parcel(site):
    site.post(mail(3))
    with site.gate() as gate:
        lodge(site, gate)
        (name,) = site.filed()
        site.say(response("09", name.removesuffix(".xml"), mrn=MRN), "a.xml")
        site.run(gate)
        assert site.states(gate, "filing") == {"settled": 3}
        assert site.states(gate, "decision") == {"answered": 3}
        assert len(set(told(site))) == 3 == len(told(site))
        assert {row["mrn"] for row in filings(site, gate)} == {MRN}
        site.say(response("09", name.removesuffix(".xml"), mrn=MRN) + "\n", "b.xml")
        site.run(gate)
        assert site.states(gate, "decision") == {"answered": 3}, "said twice, told once"
        assert site.violations(gate) == []


def lodge(site, gate):
    """What waits is declared."""
    site.run(gate)
    site.clock.at += WAIT
    site.run(gate)


def number_of(site, gate, filing):
    """The number of the parcel of a filing."""
    return next(row["item_id"] for row in site.rows(gate, "item") if row["id"] == filing["item"])


def told(site):
    return re.findall(r"<item-id>(\w+)</item-id>", site.answers())


REJECTED = """\
<Error><ValidationCode>CDS12005</ValidationCode>
<Pointer><DocumentSectionCode>42A</DocumentSectionCode></Pointer>
<Pointer><DocumentSectionCode>67A</DocumentSectionCode></Pointer>
<Pointer><SequenceNumeric>{item}</SequenceNumeric><DocumentSectionCode>68A</DocumentSectionCode></Pointer>
<Pointer><DocumentSectionCode>23A</DocumentSectionCode><TagID>137</TagID></Pointer></Error>
"""


def test_a_rejection_that_points_at_one_parcel_costs_no_other(site):
    site.post(mail(4))
    with site.gate() as gate:
        lodge(site, gate)
        (first,) = site.filed()
        bad = max(filings(site, gate)[1:], key=lambda row: row["goods"])
        assert bad["goods"] > 1, "choose another seed: a parcel of several kinds of goods"
        error = REJECTED.format(item=bad["place"] + bad["goods"] - 1)
        site.say(response("03", first.removesuffix(".xml"), error=error, mrn=""), "a.xml")
        site.run(gate)
        assert [row["attempt"] for row in filings(site, gate)] == [1, 1, 1, 1, 2, 2, 2]
        assert {row["outcome"] for row in filings(site, gate)[:4]} == {"rejected"}
        (second,) = site.filed().keys() - {first}
        assert goods_items(site.filed()[second]) == goods_items(site.filed()[first]) - bad["goods"]
        assert told(site) == [number_of(site, gate, bad)], "only the parcel at fault is told"
        assert f"content-piece[{bad['goods']}]/description<" in site.answers(), "of its own element"
        site.say(response("09", second.removesuffix(".xml")), "b.xml")
        site.run(gate)
        assert site.states(gate, "filing") == {"settled": 7}
        assert len(set(told(site))) == 4 == len(told(site))
        assert site.states(gate)["closed"] == 4
        assert site.violations(gate) == []


def test_a_rejection_that_points_at_nobody_is_told_to_all(site):
    site.post(mail(3))
    with site.gate() as gate:
        lodge(site, gate)
        (name,) = site.filed()
        site.say(response("03", name.removesuffix(".xml"), error=REJECTED.format(item=77), mrn=""), "a.xml")
        site.run(gate)
        assert len(set(told(site))) == 3 == len(told(site)) and len(site.filed()) == 1
        assert site.states(gate, "filing") == {"settled": 3}


HELD = """\
<AdditionalInformation><StatementCode>A2</StatementCode><Pointer><DocumentSectionCode>42A</DocumentSectionCode></Pointer>
<Pointer><DocumentSectionCode>67A</DocumentSectionCode></Pointer>
<Pointer><SequenceNumeric>{item}</SequenceNumeric><DocumentSectionCode>68A</DocumentSectionCode></Pointer>
</AdditionalInformation>
"""


def test_an_answer_that_speaks_of_another_parcel_says_nothing_to_the_first(site):
    site.post(mail(3))
    with site.gate() as gate:
        lodge(site, gate)
        (name,) = site.filed()
        lead, _, last = filings(site, gate)
        site.say(response("05", name.removesuffix(".xml"), error=HELD.format(item=last["place"])), "a.xml")
        site.run(gate)
        assert told(site) == [number_of(site, gate, last)]
        assert [row["outcome"] for row in filings(site, gate)] == [None, None, "under_control"]
        (row,) = (row for row in site.rows(gate, "decision") if row["filing"] == lead["id"])
        assert (row["outcome"], row["state"]) == ("notice", "noted")
        assert site.violations(gate) == []


def test_an_answer_that_comes_before_we_know_that_it_is_out_proves_all_parcels(site):
    site.post(mail(3))
    with site.gate() as gate:
        site.run(gate)
        site.clock.at += WAIT
        site.work(gate)
        site.publish_and_die(gate)
    with site.gate() as gate:
        assert site.states(gate, "filing") == {"assembled": 1, "joined": 2}
        (name,) = site.filed()
        site.say(response("09", name.removesuffix(".xml")), "a.xml")
        site.poll(gate)
        site.work_without_assembly(gate)
        assert site.states(gate, "filing") == {"settled": 3}
        assert site.violations(gate) == []


def test_an_answer_that_nobody_expected_is_of_all_parcels_once_a_person_says_so(site):
    site.post(mail(3))
    with site.gate() as gate:
        lodge(site, gate)
        site.say(response("09", "SOMEBODY", mrn=MRN), "a.xml")
        site.run(gate)
        site.clock.at += timedelta(days=15)
        site.run(gate)
        (decision,) = site.ids(gate, "decision", state="unclaimed")
        member = filings(site, gate)[2]["id"]
        with gate.journal.write() as conn:
            assert collect.assign(gate, conn, decision, member, "O:ana")
        site.run(gate)
        assert len(set(told(site))) == 3 == len(told(site))


def test_a_newer_version_of_a_member_takes_the_declaration_apart_before_it_is_sent(site):
    with site.gate() as gate:
        site.post(mail(3, reference="A"), "a.xml")
        site.run(gate)
        pause(gate)
        site.clock.at += WAIT
        site.run(gate)
        assert site.states(gate, "filing") == {"written": 1, "joined": 2}
        before = filings(site, gate)
        newer = re.sub(rb"<number-of-units>\d+<", b"<number-of-units>9<", mail(3, reference="B"))
        site.post(newer, "b.xml")
        site.run(gate)
        assert site.states(gate, "filing")["withdrawn"] == 3
        assert all(row["lead"] is None for row in filings(site, gate) if row["state"] == "withdrawn")
        resume(gate)
        site.clock.at += WAIT
        site.run(gate)
        ((name, text),) = site.filed().items()
        assert name.removesuffix(".xml") not in {row["lrn"] for row in before}
        assert len(parcels(text)) == 3
        assert site.violations(gate) == []


def test_what_was_to_travel_with_a_parcel_that_is_gone_travels_without_it(site):
    with site.gate() as gate:
        site.post(mail(3, reference="A"), "a.xml")
        site.run(gate)
        pause(gate)
        site.clock.at += WAIT
        site.run(gate)
        lead, *others = filings(site, gate)
        with gate.journal.read() as conn:
            (fate,) = [one for one in plan(conn, Wanted()) if one.filing.id == others[0]["id"]]
        carry_out(gate, [fate], "O:ana", "", "")
        assert site.states(gate, "filing") == {"waiting": 2, "withdrawn": 1}
        assert site.states(gate) == {"accepted": 2, "held": 1}, "a person says what becomes of it"
        resume(gate)
        site.run(gate)
        (text,) = site.filed().values()
        assert parcels(text) == [number_of(site, gate, one) for one in (lead, others[1])]
        assert filings(site, gate)[0]["lrn"] == lead["lrn"], "nobody has seen it yet"
        assert site.violations(gate) == []


@pytest.mark.parametrize("who", [0, 2])
def test_a_file_that_nobody_has_begun_to_send_is_made_again_without_a_parcel(site, who):
    with site.gate() as gate:
        site.post(mail(3, reference="A"), "a.xml")
        site.run(gate)
        site.clock.at += WAIT
        site.work(gate)
        assert site.states(gate, "delivery") == {"queued": 1}
        before = filings(site, gate)
        with gate.journal.read() as conn:
            (fate,) = [one for one in plan(conn, Wanted()) if one.filing.id == before[who]["id"]]
        assert [one.way for one in carry_out(gate, [fate], "O:ana", "", "")] == ["withdrawn"]
        assert site.violations(gate) == []
        site.run(gate)
        (text,) = site.filed().values()
        rest = [one for one in before if one is not before[who]]
        assert parcels(text) == [number_of(site, gate, one) for one in rest]
        assert site.states(gate, "delivery") == {"dropped": 1, "sent": 1}
        assert site.violations(gate) == []


def test_a_version_that_comes_when_the_declaration_has_left_waits_for_a_person(site):
    with site.gate() as gate:
        site.post(mail(3, reference="A"), "a.xml")
        site.run(gate)
        site.clock.at += WAIT
        site.work(gate)
        assert site.states(gate, "filing") == {"assembled": 1, "joined": 2}
        site.post(re.sub(rb"<number-of-units>\d+<", b"<number-of-units>9<", mail(3, reference="B")), "b.xml")
        site.run(gate)
        assert site.states(gate) == {"accepted": 3, "held": 3} and "RTE125" in site.codes(gate, "item")


def test_a_held_parcel_that_a_person_releases_waits_for_others(site):
    site.change("routes.yaml", "findings: {default: hold}", "findings: {default: hold, description.vague: hold}")
    site.post(mail(3, faults={2: "description-vague"}))
    with site.gate() as gate:
        site.run(gate)
        assert site.states(gate, "filing") == {"waiting": 2}
        (item,) = site.ids(gate, "item", state="held")
        operate.release(gate, item, site.codes(gate, "item"), "O:ana")
        lodge(site, gate)
        (text,) = site.filed().values()
        assert len(parcels(text)) == 3
        assert site.violations(gate) == []


def test_a_declaration_that_waits_for_a_person_joins_others_once_it_is_released(site):
    site.change("partners/uk-customs.yaml", ", commodity-padding: zeros", "")
    site.post(re.sub(rb"<hs-code>(\d{6})\d*<", rb"<hs-code>\1<", mail(1), count=1), "a.xml")
    with site.gate() as gate:
        site.run(gate)
        (held,) = site.ids(gate, "filing", state="held")
        assert operate.release(gate, held, site.codes(gate, "filing"), "O:ana") == "waiting"
        site.post(mail(1, seed=8, reference="B"), "b.xml")
        lodge(site, gate)
        (name,) = site.filed()
        lrns = [row["lrn"] for row in filings(site, gate)]
        assert f"{lrns[0]}.xml" == name and lrns[1] == f"~{filings(site, gate)[1]['id']}"
        assert site.violations(gate) == []


def test_a_route_that_groups_no_more_files_each_by_itself(site):
    site.post(mail(3))
    with site.gate() as gate:
        site.run(gate)
    site.change("routes.yaml", ", group: {items: 99, wait: 10m, by: [postage.currency]}", "")
    with site.gate() as gate:
        site.run(gate)
        site.run(gate)
        assert site.states(gate, "filing") == {"lodged": 3} and len(site.filed()) == 3
        assert site.violations(gate) == []


def test_a_parcel_whose_record_is_gone_is_held_alone(site):
    site.post(mail(3))
    with site.gate() as gate:
        site.run(gate)
        first = filings(site, gate)[0]
        with gate.journal.write() as conn:
            row = conn.execute(select(schema.item).where(schema.item.c.id == first["item"])).mappings().one()
            copy = gate.blobs.write("record", "x", [gate.blobs.read(conn, row["record_blob"])])
            gate.blobs.add(conn, copy)
            here = update(schema.item).where(schema.item.c.id == first["item"])
            conn.execute(here.values(record_blob=copy.id))
        (gate.blobs.root / copy.path).unlink()
        lodge(site, gate)
        assert site.states(gate, "filing") == {"held": 1, "lodged": 2}
        assert "INT905" in site.codes(gate, "filing")


def test_a_member_is_found_and_shown_by_the_lrn_and_mrn_of_the_declaration(site):
    site.post(mail(3))
    with site.gate() as gate:
        lodge(site, gate)
        (name,) = site.filed()
        site.say(response("09", name.removesuffix(".xml"), mrn=MRN, notification="N" * 32), "a.xml")
        site.run(gate)
        items = {row["id"] for row in site.rows(gate, "item") if row["kind"] == "consignment"}
        with gate.journal.read() as conn:
            for text in (name.removesuffix(".xml"), MRN, "N" * 32):
                assert {hit.item for hit in find(conn, text)} >= items
            filed = [dossier(gate, conn, one).filings[0] for one in sorted(items)]
        assert {one.lrn for one in filed} == {name.removesuffix(".xml")}
        assert {one.parcels for one in filed} == {3} and len({one.place for one in filed}) == 3


def test_nothing_is_asked_of_customs_for_one_of_several_parcels(site):
    site.post(mail(3))
    with site.gate() as gate:
        lodge(site, gate)
        lead, member, _ = filings(site, gate)
        for filing, purpose in ((member, "cancel"), (member, "amend"), (lead, "amend")):
            with gate.journal.write() as conn, pytest.raises(NotPossible, match="3 parcels stand in declaration"):
                ask(gate, conn, filing["id"], purpose, "O:ana", reason="1")


def test_a_declaration_is_cancelled_for_all_its_parcels(site):
    site.post(mail(3))
    with site.gate() as gate:
        lodge(site, gate)
        lead = filings(site, gate)[0]
        site.say(response("01", lead["lrn"], mrn=MRN), "a.xml")
        site.run(gate)
        with gate.journal.write() as conn:
            ask(gate, conn, lead["id"], "cancel", "O:ana", reason="1", note="sent back")
        site.run(gate)
        assert len(site.filed()) == 2 and MRN.encode() in site.filed()[f"{filings(site, gate)[3]['lrn']}.xml"]
        site.say(response("10", lead["lrn"], mrn=MRN, issued="20260915120000Z"), "b.xml")
        site.run(gate)
        assert [row["outcome"] for row in filings(site, gate)[:3]] == ["cancelled"] * 3
        assert len(set(told(site))) == 3 == len(told(site))
        assert site.violations(gate) == []


def pause(gate):
    operate.switch(gate, "route", "uk-h7", "paused", "O:tester")


def resume(gate):
    operate.switch(gate, "route", "uk-h7", "active", "O:tester")
