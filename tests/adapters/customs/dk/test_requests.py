"""Requests to Danish customs: which message, which reason, what stands in the way."""

from decimal import Decimal

import msgspec
import pytest

from adapters.customs.dk import AUTHORITY
from gateway.checks.lists import rows
from gateway.mapping.protocols import REQUESTS, Requester
from gateway.mapping.registry import Registry
from gateway.model import Amendment, Amount, Moment, Repayment
from tests.adapters.customs.dk.declared import DAY, SETTINGS, complete, filing, goods, parcel

MRN = "26DK000000000001R0"
FORMATS = {
    "amend": "customs/dk/h7-amendment",
    "cancel": "customs/dk/h7-invalidation",
    "present": "customs/dk/h7-presentation",
    "repay": "customs/dk/h7-repayment",
}
CONTACT = {
    "declarant-contact": "B. Broker",
    "declarant-phone": "+4512345678",
    "declarant-email": "b@example.org",
}
AFTER_CLEARANCE = "customs/dk/h7-invalidation-repayment"


@pytest.fixture(scope="module")
def registry():
    return Registry()


def traced(record):
    return Registry().format("customs/dk/h7", DAY).trace_write(record).entries


def declared(*items, settings=SETTINGS, **facts):
    return complete(parcel(*items, **facts), settings=settings)[0]


def asked(purpose, filed, changed=None, target="", **more):
    named = filing(target or FORMATS[purpose], purpose=purpose, about="GW1OLD", **({"mrn": MRN} | more))
    return AUTHORITY.request(named, filed, changed or filed, SETTINGS, traced)


def codes(found):
    return [(each.code, each.values.get("what") or each.values.get("reason", "")) for each in found]


def test_the_pack_takes_requests():
    assert isinstance(AUTHORITY, Requester)


@pytest.mark.parametrize("purpose", REQUESTS)
def test_each_request_has_a_format_of_its_own(purpose):
    assert AUTHORITY.request_format("customs/dk/h7", purpose) == FORMATS.get(purpose)
    assert AUTHORITY.request_format("customs/uk/h7", purpose) is None
    assert AUTHORITY.request_format("customs/dk/h7-amendment", purpose) is None


def test_what_was_cleared_is_invalidated_together_with_repayment():
    assert AUTHORITY.request_format("customs/dk/h7", "cancel", "cleared") == AFTER_CLEARANCE
    assert AUTHORITY.request_format("customs/dk/h7", "cancel", "accepted") == FORMATS["cancel"]
    assert AUTHORITY.request_format("customs/dk/h7", "amend", "cleared") == FORMATS["amend"]


def test_an_amendment_is_the_whole_declaration_again(registry):
    filed, changed = declared(), declared(goods("120.00"))
    said, found = asked("amend", filed, changed, text="value corrected")
    assert found == ()
    assert (said.declaration.function, said.declaration.mrn, said.declaration.lrn) == ("4", MRN, "GW1ABCDEFGHJKMNPQ")
    assert said.amendments == (Amendment(reason="5", text="value corrected"),)
    assert said.goods_items == changed.goods_items
    assert registry.format(FORMATS["amend"], DAY).write(said).findings == ()


@pytest.mark.parametrize("data_set", ["customs/dk/h7", "customs/dk/h6"])
@pytest.mark.parametrize(("purpose", "outcome"), [*((purpose, "") for purpose in FORMATS), ("cancel", "cleared")])
def test_only_one_schema_wants_the_lrn_of_the_declaration(data_set, purpose, outcome):
    target = AUTHORITY.request_format(data_set, purpose, outcome)
    said, _ = asked(purpose, declared(), target=target)
    assert said.declaration.lrn == ("GW1OLD" if target == AFTER_CLEARANCE else "GW1ABCDEFGHJKMNPQ")


def test_an_amendment_that_changes_nothing_is_not_sent():
    said, found = asked("amend", declared(), declared())
    assert codes(found) == [("TGT592", "")]
    another = msgspec.structs.replace(said.declaration, lrn="GW1OTHER")
    same = msgspec.structs.replace(declared(), declaration=another)
    assert ("TGT592", "") in codes(asked("amend", declared(), same)[1])


def test_a_reason_is_a_code_of_the_list_in_force():
    filed, changed = declared(), declared(goods("120.00"))
    assert asked("amend", filed, changed, reason="7")[0].amendments[0].reason == "7"
    said, found = asked("amend", filed, changed, reason="125")
    assert codes(found) == [("TGT591", "125")]
    assert found[0].values["known"] == "5, 7, 8"
    assert said.amendments[0].reason == "125"


def test_a_reason_says_itself_in_words_where_nobody_does():
    assert asked("cancel", declared(), reason="124")[0].amendments[0].text == "declared more than once"


@pytest.mark.parametrize("purpose", FORMATS)
def test_customs_number_of_the_declaration_is_needed(purpose):
    record = declared(settings=SETTINGS | {"declaration-type": "IMD"})
    assert ("TGT590", "MRN") in codes(asked(purpose, record, mrn="")[1])


def test_an_invalidation_names_declaration_submitter_and_reason(registry):
    said, found = asked("cancel", declared(), reason="124", text="twice")
    assert found == ()
    assert (said.declaration.function, said.declaration.type, said.declaration.category) == ("1", "IMA", "H7")
    assert said.amendments == (Amendment(reason="124", text="twice"),)
    assert registry.format(FORMATS["cancel"], DAY).write(said).findings == ()


def test_an_invalidation_without_a_reason_is_not_sent():
    assert codes(asked("cancel", declared())[1]) == [("TGT590", "reason")]


@pytest.mark.parametrize("target", [FORMATS["cancel"], AFTER_CLEARANCE])
def test_goods_that_came_back_speak_for_their_reason(target):
    back = declared(returned=True)
    dear = declared(goods("1200.00"), returned=True)
    assert asked("cancel", back, target=target)[0].amendments[0].reason == "125"
    assert asked("cancel", dear, target=target)[0].amendments[0].reason == "122"
    assert asked("cancel", back, target=target, reason="123")[0].amendments[0].reason == "123"


def test_codes_of_a_partial_invalidation_are_for_after_clearance():
    assert ("TGT591", "22") in codes(asked("cancel", declared(), reason="22")[1])
    after = asked("cancel", declared(), target=AFTER_CLEARANCE, reason="22")[1]
    assert ("TGT591", "22") not in codes(after)


def test_after_clearance_the_money_is_asked_back_too(registry):
    paid = declared(
        settings=SETTINGS | CONTACT, returned=True, repayment=Repayment(amount=Amount(Decimal("275.00"), "DKK"))
    )
    said, found = asked("cancel", paid, target=AFTER_CLEARANCE)
    assert found == ()
    assert (said.repayment.type, said.repayment.legal_basis) == ("REP", "E")
    assert said.repayment.applicant.ids == said.declarant.ids
    assert registry.format(AFTER_CLEARANCE, DAY).write(said).findings == ()


def test_what_is_claimed_back_is_not_guessed():
    assert codes(asked("cancel", declared(returned=True), target=AFTER_CLEARANCE)[1]) == [
        ("TGT590", "repayment.amount")
    ]


def test_a_repayment_has_a_ground(registry):
    paid = declared(repayment=Repayment(amount=Amount(Decimal("275.00"), "DKK")))
    said, found = asked("repay", paid, reason="A", text="paid twice")
    assert found == ()
    assert (said.declaration.function, said.repayment.legal_basis, said.repayment.grounds) == ("37", "A", "paid twice")
    assert said.amendments == ()
    assert registry.format(FORMATS["repay"], DAY).write(said).findings == ()
    assert codes(asked("repay", paid)[1]) == [("TGT590", "reason")]


def test_a_declaration_lodged_before_arrival_is_presented(registry):
    filed = declared(settings=SETTINGS | {"declaration-type": "IMD"})
    said, found = asked("present", filed)
    assert found == ()
    assert (said.declaration.function, said.declaration.type, said.declaration.mrn) == ("24", "IMD", MRN)
    assert registry.format(FORMATS["present"], DAY).write(said).findings == ()


def test_goods_that_were_there_already_are_not_presented():
    assert [each.code for each in asked("present", declared())[1]] == ["TGT594"]


def test_goods_are_presented_at_a_place():
    nowhere = {key: text for key, text in SETTINGS.items() if key != "location"}
    filed = declared(settings=nowhere | {"declaration-type": "IMD"})
    assert codes(asked("present", filed)[1]) == [("TGT590", "goods_location")]


def test_every_reason_is_told_in_three_languages_and_known_once():
    table = list(rows("customs/dk/change-reasons"))
    keys = [(row["purpose"], row["outcome"], row["code"]) for row in table]
    assert len(keys) == len(set(keys))
    assert all(row["label"] and row["label_fr"] and row["label_es"] for row in table)
    assert {row["purpose"] for row in table} == {"amend", "cancel", "repay"}


@pytest.mark.parametrize(("hour", "found"), [("21:59", ["TGT591"]), ("22:00", [])])
def test_a_reason_is_in_force_from_midnight_in_copenhagen(hour, found):
    def lists(name):
        new = {"valid_from": "2026-09-15"} if name == "customs/dk/change-reasons" else {}
        return [{**row, **(new if row.get("code") == "124" else {})} for row in rows(name)]

    asked_at = msgspec.structs.replace(
        filing(FORMATS["cancel"], purpose="cancel", about="GW1OLD", mrn=MRN, reason="124"),
        issued_at=Moment(f"2026-09-14T{hour}:00Z"),
    )
    _, said = AUTHORITY.request(asked_at, declared(), declared(), SETTINGS, traced, lists)
    assert [each.code for each in said] == found
