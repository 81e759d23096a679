import pytest

from gateway.workbench.document.elements import carried
from gateway.workbench.document.examples import Examples
from gateway.workbench.document.flows import Flow, Side, flow_diagram, flows_of, hub_diagram, lacking
from gateway.workbench.document.outline import outline
from gateway.workbench.document.words import Words
from tests.workbench.document.conftest import DAY

FORMATS = ("upu/itmatt-1.5", "customs/uk/h7", "customs/uk/response", "upu/cusrsp-1")


@pytest.fixture(scope="module")
def known(registry):
    return {name: carried(outline(registry.plan(name, DAY), Examples(iter(())))) for name in FORMATS}


def test_a_route_is_a_way_there_and_a_way_back(settings):
    there, back = flows_of(settings)
    posts = (Side("Example Post", "post"), Side("Island Post", "post"))
    customs = (Side("HM Revenue & Customs", "customs"),)
    assert there == Flow("uk-h7", posts, "upu/itmatt-1.5", "customs/uk/h7", customs)
    assert back == Flow("uk-h7", customs, "customs/uk/response", "upu/cusrsp-1", posts, back=True)


def test_a_way_goes_from_senders_over_groups_to_receivers(settings, known):
    there, _ = flows_of(settings)
    diagram = flow_diagram(there, known, Words("fr"))
    senders, source, groups, target, receivers = diagram.columns
    assert [box.small for box in (*senders, *receivers)] == ["poste", "poste", "administration des douanes"]
    assert (source[0].title, target[0].title) == (there.source, there.target)
    assert "Marchandises" in {box.title for box in groups}
    boxes = {box.key for column in diagram.columns for box in column}
    assert all({band.start, band.end} <= boxes for band in diagram.bands)


def test_bands_count_every_element_of_the_target_once(settings, known):
    for flow in flows_of(settings):
        bands = [band for band in flow_diagram(flow, known, Words("en")).bands if band.end == "target"]
        assert sum(band.weight for band in bands) == len(known[flow.target])


def test_the_hub_has_readers_left_and_writers_right(known):
    ways = {name: (True, name != "customs/uk/response") for name in FORMATS}
    left, _, right = hub_diagram(FORMATS, known, ways, Words("en")).columns
    assert [box.title for box in left] == list(FORMATS)
    assert "customs/uk/response" not in {box.title for box in right}


def test_what_is_lacking_and_required_stands_first(known):
    found = lacking(known["customs/uk/response"], known["upu/cusrsp-1"])
    needs = [data.need == "no" for data in found]
    assert needs == sorted(needs)
    assert "item_id" in {data.place.bare for data in found}
