"""Two outcomes of one item compared: nothing where they agree, each difference once where they do not."""

import msgspec
import pytest

from gateway.findings import Finding
from gateway.model import Consignment, GoodsItem, Party
from gateway.steps.answering.values import Said
from gateway.steps.working.outcome import Draft, ItemOutcome
from gateway.workbench.difference.item import Sided, compare
from gateway.workbench.difference.tally import Differences

ENCODE = msgspec.json.Encoder(decimal_format="string").encode


def item(number=1, state="accepted", *, record=None, findings=(), draft=None):
    encoded = ENCODE(record or Consignment(item_id=f"ITEM{number}"))
    return ItemOutcome(
        number,
        number * 100,
        90,
        number,
        state,
        item_id=f"ITEM{number}",
        record=encoded,
        findings=findings,
        drafts=(draft,) if draft else (),
    )


def draft(route="uk-h7", text=b"<a>1</a>", state="written", target="customs/uk/h7"):
    return Draft(route, target, "uk-customs", "uk-customs.live", "GB1", "LRN", 1, state, text)


def sided(*outcomes):
    def apart(_, text):
        return {"a": Said("a", text.decode().strip("</a>").strip())}

    return Sided(outcomes, apart, lambda one: (one.draft.target, one.draft.text) if one.draft else None)


def changes(old, new):
    return [change for one in compare(sided(*old), sided(*new)) for change in one.changes]


def told(old, new):
    return [(change.kind, change.what, change.before, change.after) for change in changes(old, new)]


def test_equal_outcomes_have_no_difference():
    same = [item(n, findings=(Finding("SRC344", values={"value": "9999"}),), draft=draft()) for n in (1, 2)]
    assert not changes(same, same)


def test_value_that_changes_is_shown_with_its_element():
    old, new = (
        Consignment(item_id="A", goods_items=(GoodsItem(), GoodsItem(hs_code=code))) for code in ("6911", "691110")
    )
    (change,) = changes([item(record=old)], [item(record=new)])
    assert (change.what, change.at) == ("goods_items.hs_code", "goods_items[2].hs_code")
    assert (change.before, change.after, change.wco) == ("6911", "691110", "145")


def test_value_that_comes_or_goes_is_shown_against_nothing():
    old, new = (Consignment(item_id="A", nature=nature) for nature in ("31", None))
    assert told([item(record=old)], [item(record=new)]) == [("value", "nature", "31", "—")]
    assert told([item(record=new)], [item(record=old)]) == [("value", "nature", "—", "31")]


def test_fate_that_changes_is_a_difference_of_the_item():
    assert told([item()], [item(state="held")]) == [("item", "accepted → held", "accepted", "held")]
    written, stopped = (item(draft=draft(state=state)) for state in ("written", "held"))
    assert told([written], [stopped])[0][1] == "filed → held before filing"


def test_item_that_only_one_side_finds_is_told():
    assert [one[1] for one in told([item(1)], [item(1), item(2)])] == ["not found → accepted"]
    assert [one[1] for one in told([item(1), item(2), item(3)], [item(2)])] == ["accepted → not found"] * 2


def test_findings_are_new_or_lost_by_code():
    found = Finding("SRC344", values={"value": "9999"}, model_path="goods_items[1].hs_code")
    ((kind, what, before, after),) = told([item()], [item(findings=(found,))])
    assert (kind, what, before) == ("finding", "new SRC344 error", "")
    assert "9999" in after
    assert [one[1] for one in told([item(findings=(found, found))], [item(findings=(found,))])] == ["lost SRC344 error"]


def test_finding_weighed_otherwise_is_lost_as_one_and_new_as_the_other():
    found = Finding("SRC344", values={"value": "9999"})
    mild = msgspec.structs.replace(found, severity="warning")
    whats = [one[1] for one in told([item(findings=(found,))], [item(findings=(mild,))])]
    assert whats == ["lost SRC344 error", "new SRC344 warning"]


def test_route_that_changes_is_told():
    ways = [item(draft=draft(route=route)) for route in ("uk-h7", "gb-new")]
    assert ("route", "uk-h7 → gb-new", "uk-h7", "gb-new") in told(ways[:1], ways[1:])


def test_written_text_is_compared_by_what_it_says():
    one, other, loose = (item(draft=draft(text=text)) for text in (b"<a>1</a>", b"<a>2</a>", b"<a> 1 </a>"))
    assert told([one], [other]) == [("output", "a", "1", "2")]
    assert told([one], [loose]) == [("layout", "customs/uk/h7", "", "")]


def test_what_is_said_of_the_file_is_compared():
    refused = Finding("SRC205", values={"format": "upu/itmatt-1.5"})
    (found,) = list(compare(sided(refused), sided()))
    assert (found.ordinal, found.changes[0].what) == (0, "lost SRC205 error")


@pytest.mark.parametrize(("show", "shown"), [(False, "A*** (12)"), (True, "Asha Example")])
def test_values_of_parties_are_covered_unless_they_are_asked_for(show, shown):
    old, new = (Consignment(item_id="A", consignee=Party(name=name)) for name in ("Asha Example", "Asha B. Example"))
    found = Differences(show_values=show)
    for one in compare(sided(item(record=old)), sided(item(record=new))):
        found.add("a.xml", one)
    ((example,),) = [heading.examples for heading in found.headings()]
    assert example.before == shown


def test_differences_count_items_and_keep_few_examples():
    old = [item(n, record=Consignment(item_id=f"ITEM{n}", goods_items=(GoodsItem(hs_code="1"),) * 2)) for n in range(9)]
    new = [item(n, record=Consignment(item_id=f"ITEM{n}", goods_items=(GoodsItem(hs_code="2"),) * 2)) for n in range(9)]
    found = Differences(examples=2)
    for one in compare(sided(*old), sided(*new)):
        found.add("a.xml", one)
    (heading,) = found.headings()
    assert (heading.changes, heading.items, len(heading.examples)) == (18, 9, 2)
