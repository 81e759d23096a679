"""A whole journal that balances, and for each rule one change that it must notice."""

import pytest
from sqlalchemy import select, text

from gateway.journal import schema
from gateway.journal.balance import RULES, balance
from gateway.journal.counter import next_number, void_until


@pytest.fixture
def whole(world, journal):
    """Three items in one file: one lodged, one held, one whose filing is written; one answer of customs, matched."""
    file = world.file(items=3)
    interchange = world.interchange(file, items=3)
    batch = world.batch(file, interchange, items=3)
    ids = {"file": file, "interchange": interchange, "batch": batch}
    for seq, name in enumerate(("lodged", "written"), 1):
        dossier = world.dossier(f"RR12345678{seq}GB")
        item = world.item(file, interchange, batch, seq, dossier=dossier)
        ids |= {name: world.filing(dossier, item, f"L{seq}"), f"{name}_item": item, f"{name}_dossier": dossier}
    ids["held"] = world.item(file, interchange, batch, 3, state="held", dossier=world.dossier("RR123456783GB"))
    world.finding(ids["held"])
    ids["delivery"], ids["counter"] = world.delivery(state="sent"), "uk.live customs/uk/h7"
    payload = payload_of(journal, ids["lodged"])
    world.part(ids["delivery"], payload)
    change(journal, "update filing set state = 'lodged', delivery = :delivery where id = :lodged", ids)
    ids |= answer(world, ids["lodged"])
    return ids


def answer(world, filing):
    file = world.file(items=1)
    interchange = world.interchange(file, items=1, reference="A1")
    batch = world.batch(file, interchange, items=1)
    item = world.item(file, interchange, batch, kind="decision")
    facts = {"authority": "uk", "environment": "production", "connection": "uk.live", "state": "matched"}
    decision = world.add("decision", **facts, notification="1", item=item, filing=filing)
    return {"answer_file": file, "answer_item": item, "decision": decision}


def change(journal, statement, ids):
    change = text(statement)
    with journal.write() as conn:
        conn.execute(change, {name: ids[name] for name in change.compile().params})


def payload_of(journal, filing):
    with journal.read() as conn:
        return conn.scalar(select(schema.filing.c.payload_blob).where(schema.filing.c.id == filing))


def check(journal, only=None):
    with journal.read() as conn:
        return balance(conn, only)


def broken(journal, only=None):
    return {violation.rule: violation.ids for violation in check(journal, only).violations}


def test_an_empty_journal_balances(journal):
    assert check(journal).ok


def test_a_whole_journal_balances_and_says_where_everything_is(whole, journal):
    found = check(journal)
    assert found.ok, found.violations
    assert found.counts["item"] == {"accepted": 3, "held": 1}
    assert found.counts["filing"] == {"lodged": 1, "written": 1}
    assert found.counts["decision"] == {"matched": 1}
    assert {count.id: dict(count.items) for count in found.files}[whole["file"]] == {"accepted": 2, "held": 1}


BREAKS = {  # rule: (statement that breaks it, who is named)
    "file.items": ("update file set items = 4 where id = :file", "file"),
    "file.work": ("update batch set state = 'due' where id = :batch", "batch"),
    "file.bytes": ("update file set blob = null where id = :file", "file"),
    "batch.items": ("update batch set items = 2 where id = :batch", "batch"),
    "item.file": ("update file set state = 'refused' where id = :answer_file", "answer_item"),
    "item.finding": ("delete from finding", "held"),
    "item.filing": ("update filing set state = 'withdrawn' where id = :written", "written_item"),
    "item.decision": ("update decision set item = null", "answer_item"),
    "filing.lrn": ("update filing set lrn = 'L1', declarant = 'GB2' where id = :written", "written"),
    "filing.once": (
        "update filing set dossier = :lodged_dossier, attempt = 2 where id = :written",
        "written",
    ),
    "filing.about": ("update filing set about = :lodged where id = :written", "written"),
    "filing.payload": ("update filing set payload_blob = null where id = :written", "written"),
    "filing.delivery": ("update filing set delivery = :delivery where id = :written", "written"),
    "filing.bytes": ("delete from delivery_part", "lodged"),
    "filing.lodged": ("update decision set filing = null, state = 'parked'", "lodged"),
    "delivery.lodged": ("update filing set state = 'assembled' where id = :lodged", "lodged"),
    "filing.lead": (
        "update filing set state = 'joined', lead = :lodged, place = 1, goods = 1 where id = :written",
        "written",
    ),
    "filing.place": ("update filing set lead = id, place = 2, goods = 1 where id = :lodged", "lodged"),
    "delivery.units": ("update delivery set units = 2", "delivery"),
    "delivery.number": ("insert into counter values ('uk.live', 'production', 'customs/uk/h7', 2)", "counter"),
    "delivery.size": ("update delivery set size = 5", "delivery"),
    "decision.filing": ("update decision set filing = null", "decision"),
    "answer.delivery": ("update delivery set state = 'dropped'", "given"),
}


def test_every_rule_has_a_change_that_it_must_notice():
    assert set(BREAKS) == {rule.name for rule in RULES}


@pytest.mark.parametrize("rule", BREAKS)
def test_a_rule_notices_what_breaks_it_and_names_it(whole, world, journal, rule):
    if rule == "filing.lodged":
        change(journal, "update delivery set state = 'publishing'", whole)
    if rule == "answer.delivery":
        facts = {"cause_kind": "item", "cause": whole["held"], "route": "uk-h7", "connection": "post.live"}
        more = {"kind": "upu/cusrsp-1", "environment": "production", "delivery": whole["delivery"]}
        whole["given"] = world.add("answer", **facts, **more)
    assert broken(journal) == {}
    statement, named = BREAKS[rule]
    change(journal, statement, whole)
    assert whole[named] in broken(journal)[rule]


def test_one_file_is_judged_by_itself(whole, journal):
    change(journal, "update file set blob = null where id = :file", whole)
    assert set(broken(journal, whole["file"])) == {"file.bytes"}
    assert broken(journal, whole["answer_file"]) == {}
    assert [count.id for count in check(journal, whole["file"]).files] == [whole["file"]]


def test_bytes_that_travel_twice_are_noticed(whole, world, journal):
    payload = payload_of(journal, whole["lodged"])
    world.part(world.delivery(), payload)
    assert broken(journal) == {"filing.bytes": (whole["lodged"],)}


def test_what_customs_answered_counts_as_lodged_before_our_own_line_says_sent(whole, journal):
    change(journal, "update delivery set state = 'publishing' where id = :delivery", whole)
    assert check(journal).ok


def test_a_parcel_that_its_route_keeps_is_not_filed(whole, journal):
    change(journal, "update filing set state = 'withdrawn' where id = :written", whole)
    change(journal, "update item set kept = true where id = :written_item", whole)
    assert check(journal).ok


def test_numbers_are_those_of_deliveries_dropped_ones_too_or_said_to_be_void(journal, world, clock):
    with journal.write() as conn:
        for _ in range(5):
            next_number(conn, "uk.live", "production", "customs/uk/h7")
    for number in (1, 2):
        world.delivery(state="dropped", control_reference=f"GW{number}")
    assert broken(journal) == {"delivery.number": ("uk.live customs/uk/h7",)}
    with journal.write() as conn:
        void_until(conn, "uk.live", "production", "customs/uk/h7", 9, why="restored", at=clock.now())
        assert next_number(conn, "uk.live", "production", "customs/uk/h7") == 10
    world.delivery(state="queued", control_reference="GW10", size=0)
    assert broken(journal) == {"delivery.number": ("uk.live customs/uk/h7",)}, "3 to 5 were never said to be void"


def test_a_repeated_interchange_has_no_items_of_its_own(whole, world, journal):
    file = world.file(items=3)
    world.interchange(file, items=3, repeat_of=whole["interchange"])
    assert check(journal).ok


def test_a_batch_that_was_halved_leaves_its_items_to_its_halves(world, journal):
    file = world.file(items=2)
    interchange = world.interchange(file)
    world.batch(file, interchange, 1, state="split", items=2)
    for seq in (2, 3):
        half = world.batch(file, interchange, seq, items=1)
        world.finding(world.item(file, interchange, half, seq, state="quarantined"))
    assert check(journal).ok


def test_many_violations_are_counted_and_the_first_are_named(world, journal):
    for seq in range(25):
        world.file(items=1, name=b"%d" % seq)
    (violation,) = check(journal).violations
    assert (violation.rule, violation.count, len(violation.ids)) == ("file.items", 25, 20)
