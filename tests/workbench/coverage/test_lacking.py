"""What a target requires is known before the first message, and who gives it."""

from datetime import date

import pytest

from gateway.mapping.cases import cases_of
from gateway.mapping.registry import Registry
from gateway.model import Consignment, Location, Party
from gateway.steps.working.filer import Filer
from gateway.workbench.coverage.demands import of_authority, of_checks, of_table
from gateway.workbench.coverage.lacking import NOBODY, met

ON = date(2026, 9, 14)
GRAMMAR = """path,min,max,kind,format,facets,wco_id,name
order,1,1,group,,,,Order
order/number,1,1,element,an..35,,,Number
order/kind,1,1,element,an..35,,,Kind
order/note,0,1,element,an..35,,,Note
order/buyer,0,1,group,,,,Buyer
order/buyer/name,1,1,element,an..70,,R037,Name
order/buyer/city,0,1,element,an..35,,,City
"""
DANISH = ("customs/dk/h7", "customs/dk/h6")
TARGET = """format: own/order
title: An order
syntax: xml
grammar: own/order.csv
record: Consignment
root: order
fields:
  number: item_id
  kind: {is: nature, default: '11'}
  note: {is: description, required: true}
  buyer/name: consignee.name
  buyer/city: consignee.address.city
"""


@pytest.fixture
def needs(bench):
    """What `own/order` requires of `own/parcel`, by its elements."""

    def of(rows, cases=None, target=TARGET, filer=NOBODY):
        desk = bench(rows, cases)
        (desk.folder / "own" / "order.csv").write_text(GRAMMAR)
        (desk.folder / "own" / "order.yaml").write_text(target)
        registry = Registry([desk.folder])
        found = met(registry.format("own/parcel", ON), registry.format("own/order", ON), desk.cases, ON, filer)
        return {one.demand.path: one for one in found if one.demand.path}

    return of


def test_what_the_source_reads_is_given_by_it(needs):
    found = needs("id: item_id\ntext: description")
    assert (found["order/number"].by, found["order/number"].how) == ("source", "parcels/parcel/id")
    assert (found["order/note"].by, found["order/note"].demand.why) == ("source", "required")


def test_what_nobody_says_is_lacking_and_comes_first(needs):
    found = needs("text: description")
    assert next(iter(found)) == "order/number"
    assert (found["order/number"].by, found["order/number"].demand.why) == ("nobody", "grammar")
    assert found["order/number"].is_lacking


def test_default_of_the_table_fills(needs):
    found = needs("id: item_id")
    assert (found["order/kind"].by, found["order/kind"].how) == ("table", "default 11")


def test_default_counts_only_where_the_source_is_silent(needs):
    assert needs("kind: nature")["order/kind"].by == "source"


def test_element_of_an_optional_group_is_required_only_where_the_group_stands(needs):
    assert "order/buyer/name" not in needs("id: item_id")
    found = needs("city: consignee.address.city")
    assert (found["order/buyer/name"].by, found["order/buyer/name"].demand.within) == ("nobody", "order/buyer")


def test_filter_of_another_kind_gives_nothing(needs):
    target = TARGET.replace("number: item_id", "number: 'consignor.ids[kind=EORI].id'")
    assert needs("tax: 'consignor.ids[kind=OTHER].id'", target=target)["order/number"].by == "nobody"
    assert needs("tax: 'consignor.ids[kind=EORI].id'", target=target)["order/number"].by == "source"


def test_what_the_model_derives_is_derived(needs):
    target = TARGET.replace("number: item_id", "number: goods_item_count")
    case = {"one.in": "<parcels><parcel><item><text>A</text></item></parcel></parcels>"}
    found = needs("item: {is: goods_items, fields: {text: description}}", case, target)
    assert found["order/number"].by == "derived"


def test_the_filers_own_facts_are_asked_of_the_filer(needs):
    target = TARGET.replace("number: item_id", "number: declarant.name")
    assert needs("id: item_id", target=target)["order/number"].by == "record"


def test_checks_demand_what_they_miss_in_a_silent_record():
    found = {demand.places[0].bare: demand.why for demand in of_checks((("item_id", "s10"),), ON)}
    assert found["consignor"] == "SRC371"
    assert found["consignor.name"] == "SRC372"
    assert found["consignor.address.country"] == "SRC381"
    assert found["goods_items.description"] == "SRC333"
    assert "hs_code" not in found


def test_authority_demands_its_settings_by_name():
    found = {demand.places[0].bare: demand.setting for demand in of_authority("customs/uk/h7", ON)}
    assert (found["declarant"], found["goods_location"]) == ("declarant-id", "location")


def test_constants_are_no_demand():
    plan = Registry().plan("customs/uk/h7", ON)
    assert not [demand for demand in of_table(plan) if demand.path.endswith("WCOTypeName")]


@pytest.fixture(scope="module")
def shipped():
    registry = Registry()

    def of(source, target):
        cases = list(cases_of(source, registry.roots))
        return met(registry.format(source, ON), registry.format(target, ON), cases, ON)

    return of


def test_itmatt_gives_all_that_an_h7_requires_but_what_the_filer_says(shipped):
    found = shipped("upu/itmatt-1.5", "customs/uk/h7")
    assert [(one.by, one.how) for one in found if one.is_lacking] == [
        ("setting", "declarant-id"),
        ("setting", "location"),
    ]
    by = {one.demand.path.rpartition("/")[2]: one.by for one in found if one.demand.path}
    assert by == {"FunctionCode": "authority", "SequenceNumeric": "source"}


def test_what_the_filer_says_is_given():
    registry = Registry()
    source, target = registry.format("upu/itmatt-1.5", ON), registry.format("customs/uk/h7", ON)
    cases = list(cases_of("upu/itmatt-1.5", registry.roots))
    filer = Filer({"declarant-id": "GB123456789000"}, Consignment(goods_location=Location(name="BELBFSBEL")))
    found = {one.demand.places[0].path: one for one in met(source, target, cases, ON, filer)}
    assert (found["declarant"].by, found["declarant"].how) == ("filer", "declarant-id")
    assert not found["declarant"].is_lacking


def test_authority_is_asked_for_the_data_set_that_is_the_target():
    demanded = {target: {demand.places[0].bare for demand in of_authority(target, ON)} for target in DANISH}
    assert {target for target in DANISH if "goods_location" in demanded[target]} == {"customs/dk/h7"}


@pytest.mark.parametrize(("said", "by"), [({}, "record"), ({"location": "AUDKCPH"}, "authority")])
def test_what_the_authority_makes_of_a_setting_is_given_by_it(said, by):
    registry = Registry()
    source, target = registry.format("upu/itmatt-1.5", ON), registry.format("customs/dk/h7", ON)
    found = met(source, target, list(cases_of("upu/itmatt-1.5", registry.roots)), ON, Filer(said))
    (location,) = [one for one in found if [place.bare for place in one.demand.places] == ["goods_location"]]
    assert (location.demand.path, location.by) == ("", by)


def test_itmatt_gives_all_that_a_danish_h7_requires_but_what_the_filer_says(shipped):
    found = shipped("upu/itmatt-1.5", "customs/dk/h7")
    assert {(one.by, one.how) for one in found if one.is_lacking} == {
        ("setting", "submitter-id"),
        ("setting", "declarant-id"),
        ("setting", "declaration-office"),
        ("record", "goods_location"),
    }
    by = {one.demand.path.rpartition("GovernmentAgencyGoodsItem/")[2]: one.by for one in found if one.demand.path}
    assert (by["GovernmentProcedure/CurrentCode"], by["Packaging/QuantityQuantity"]) == ("authority", "authority")
    assert (by["Commodity/Description"], by["Commodity/InvoiceLine/ItemChargeAmount"]) == ("source", "source")


def test_partial_record_of_the_filer_fills(needs):
    target = TARGET.replace("number: item_id", "number: declarant.name")
    filer = Filer({}, Consignment(declarant=Party(name="Example Broker")))
    found = needs("id: item_id", target=target, filer=filer)["order/number"]
    assert (found.by, found.how) == ("filer", "record: declarant.name")


def test_answer_to_a_post_has_its_item_from_what_was_filed(shipped):
    found = {one.demand.path.rpartition("/")[2]: one for one in shipped("customs/uk/response", "upu/cusrsp-1")}
    assert (found["item-id"].by, found["item-id"].how) == ("gateway", "what was filed")
    assert (found["sender"].by, found["stage"].by) == ("gateway", "source")


def test_declaration_cannot_become_a_postal_message_without_a_second_source(shipped):
    lacking = {
        one.demand.path.rpartition("/")[2] for one in shipped("customs/uk/h7", "upu/itmatt-1.5") if one.is_lacking
    }
    assert {"item-id", "posting-date", "number-of-units"} <= lacking
