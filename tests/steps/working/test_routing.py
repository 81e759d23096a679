"""Which route an item takes: the first whose conditions all fit; none is no drop."""

from gateway.model import Address, Consignment, GoodsItem, Party
from gateway.steps.working.outcome import RoutePlan
from gateway.steps.working.routing import taken, values_at
from tests.steps.test_exchange import itmatt

PARCEL = Consignment(
    item_id="X",
    mail_category="A",
    consignee=Party(address=Address(country="GB")),
    goods_items=(GoodsItem(hs_code="1"), GoodsItem(hs_code="2")),
)


def plan(name, *, goes_on=False, **when):
    return RoutePlan(name, tuple((path.replace("__", "."), values) for path, values in when.items()), goes_on=goes_on)


def choose(routes, record):
    return next(taken(routes, record), None)


def test_the_first_that_fits_takes_it():
    all_, gb = plan("all"), plan("gb", consignee__address__country=("GB",))
    assert choose([gb, all_], PARCEL) is gb and choose([all_, gb], PARCEL) is all_


def test_one_that_goes_on_lets_the_next_that_fits_take_it_too():
    other = plan("fr", consignee__address__country=("FR",))
    first, second, third = plan("a", goes_on=True), plan("b"), plan("c")
    assert list(taken([first, other, second, third], PARCEL)) == [first, second]
    assert list(taken([first, other], PARCEL)) == [first] and list(taken([other], PARCEL)) == []


def test_every_condition_must_fit_by_one_of_its_values():
    assert choose([plan("a", consignee__address__country=("GB",), mail_category=("B", "C"))], PARCEL) is None
    assert choose([plan("a", consignee__address__country=("FR", "GB"), mail_category=("A",))], PARCEL) is not None


def test_a_value_that_is_not_there_fits_nothing():
    assert choose([plan("a", consignor__address__country=("GB",))], PARCEL) is None
    assert list(values_at(PARCEL, "no.such.path")) == []


def test_of_a_list_any_entry_may_fit():
    assert list(values_at(PARCEL, "goods_items.hs_code")) == ["1", "2"]
    assert choose([plan("a", goods_items__hs_code=("2",))], PARCEL) is not None


def test_an_item_that_no_route_takes_is_held_and_goes_on_when_there_is_one(site):
    from gateway.steps.repeating import operate

    site.change("routes.yaml", "[GB]", "[FR]")
    with site.gate() as gate:
        site.post(itmatt(2))
        site.run(gate)
        assert site.states(gate) == {"held": 2} and site.codes(gate) == {"RTE101"}
    site.change("routes.yaml", "[FR]", "[GB]")
    with site.gate() as gate:
        for item in site.ids(gate, "item"):
            assert operate.retry(gate, item, "O:tester") == "accepted"
        site.run(gate)
        assert len(site.filed()) == 2 and site.violations(gate) == []


def test_a_route_that_keeps_files_nothing_and_loses_nothing(site):
    site.change("routes.yaml", "  file: {with: uk-customs, as: customs/uk/h7}\n", "  keep: dossier\n")
    with site.gate() as gate:
        site.post(itmatt(2, faults={2: "units-zero"}))
        site.run(gate)
        assert site.states(gate) == {"accepted": 1, "held": 1} and site.states(gate, "filing") == {}
        from gateway.steps.repeating import operate

        operate.release(gate, *site.ids(gate, "item", state="held"), ["SRC332"], "O:tester")
        site.run(gate)
        assert site.states(gate) == {"accepted": 2} and site.violations(gate) == []


def test_a_route_can_quarantine(site):
    site.change("routes.yaml", "findings: {default: hold}", "findings: {default: hold, quantity.zero: quarantine}")
    with site.gate() as gate:
        site.post(itmatt(2, faults={2: "units-zero"}))
        site.run(gate)
        assert site.states(gate) == {"accepted": 1, "quarantined": 1} and "SRC332" in site.answers()
