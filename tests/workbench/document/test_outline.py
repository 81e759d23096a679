from gateway.mapping.cases import cases_of
from gateway.workbench.document.elements import carried, status
from gateway.workbench.document.examples import examples
from gateway.workbench.document.outline import outline
from tests.workbench.document.conftest import DAY


def lines(registry, name):
    table = registry.format(name, DAY)
    found = outline(table.plan, examples(table, list(cases_of(name, registry.roots))))
    return found, {line.path: line for line in found.lines}


def test_an_element_is_said_with_its_way_in_the_model_its_form_and_an_example(registry):
    _, by_path = lines(registry, "upu/itmatt-1.5")
    line = by_path["interchange/message/msgbody/itmatt_1_5_0/item/content-piece/hs-code"]
    assert line.places[0].path == "goods_items.hs_code"
    assert line.places[0].labels == ("Goods items", "HS code")
    assert (line.wco, line.format, line.least, line.most, line.need) == (("145",), "an..12", 0, 1, "no")
    assert line.examples == ("610910",)


def test_required_is_what_must_stand_always_or_with_its_group(registry):
    _, by_path = lines(registry, "upu/itmatt-1.5")
    item = "interchange/message/msgbody/itmatt_1_5_0/item"
    assert by_path[f"{item}/item-id"].need == "always"
    assert by_path[f"{item}/document/number"].need == "within"
    assert by_path[f"{item}/postage"].need == "no"


def test_conditions_tell_elements_of_one_name_apart(registry):
    found, _ = lines(registry, "customs/uk/h7")
    names = [line.name for line in found.lines if line.name.startswith("GovernmentProcedure")]
    assert names == ["GovernmentProcedure[PreviousCode]", "GovernmentProcedure[not PreviousCode]"]


def test_alternatives_of_the_model_are_all_places(registry):
    _, by_path = lines(registry, "customs/uk/h7")
    exporter = by_path["MetaData/Declaration/Exporter/Name"]
    assert [place.path for place in exporter.places] == ["exporter.name", "consignor.name"]


def test_elements_that_no_row_carries_are_listed_by_their_topmost(registry):
    found, _ = lines(registry, "upu/itmatt-1.5")
    assert [node.name for node in found.unused] == ["mail-state", "mail-state-remarks", "image"]


def test_a_target_takes_what_the_source_gives_what_is_computed_and_lacks_the_rest(registry):
    source = carried(lines(registry, "upu/itmatt-1.5")[0])
    target = carried(lines(registry, "customs/uk/h7")[0])
    found = {data.place.bare: status(data, source) for data in target.values()}
    assert found["exporter.name"] == "given"  # as consignor
    assert found["goods_item_count"] == found["declaration.function"] == "made"
    assert found["goods_location.id"] == "open"
