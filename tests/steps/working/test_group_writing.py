"""What a worker makes of a group: one declaration, or as many as it takes, and nobody pays for another."""

from datetime import UTC, datetime

import msgspec
import pytest

from gateway.findings import Finding
from gateway.mapping.format import Written
from gateway.mapping.protocols import Filing
from gateway.model import Consignment, GoodsItem, Moment
from gateway.steps.working.groupwriting import declare, in_company, together
from gateway.steps.working.lrn import DossierKey
from gateway.steps.working.outcome import Draft, GroupJob, GroupPlan, Rewrite, RoutePlan, Setup

NOW = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)
ROUTE = RoutePlan("uk-h7", target="customs/uk/h7-grouped", connection="uk.live", group=GroupPlan(99))
SETUP = Setup("", (), "", "production", NOW.date(), (ROUTE,))
STOPS, WAIVABLE = Finding("TGT501"), Finding("TGT552")


class Table:
    """In place of a translator: `bad` parcels cannot be written, `odd` ones cannot be filed, and `most` fit in one."""

    def __init__(self, bad=(), odd=(), most=99, found=STOPS):
        self.bad, self.odd, self.most, self.found = bad, odd, most, found
        self.routes = {ROUTE.name: ROUTE}
        self.tries = 0

    def filing(self, route, key, attempt, now):
        return Filing(f"L{key.business_id}", Moment(iso=now.isoformat()), attempt, route.target)

    def completed(self, record, _route, _filing, _on):
        return record, (self.found,) if record.item_id in self.odd else ()

    def written(self, said, _route, filing, _on):
        self.tries += 1
        wrong = [one.item_id for one in said if one.item_id in self.bad]
        if wrong or len(said) > self.most:
            return Written(None, (self.found,))
        return Written(f"{filing.lrn}: {' '.join(one.item_id for one in said)}")


def group(*names, pieces=1, waived=()):
    return tuple(
        Rewrite(f"F{name}", DossierKey("production", "consignment", name, "2026-09-14"), "uk-h7", 1, record, waived)
        for name in names
        for record in [msgspec.json.encode(Consignment(item_id=name, goods_items=(GoodsItem(),) * pieces))]
    )


def made(table, *groups):
    done = declare(table, GroupJob(SETUP, NOW, groups))
    return [company.draft.text.decode() for company in done.companies], [filing for filing, _ in done.held], done


def test_all_that_is_well_is_one_declaration_under_the_lrn_of_the_first():
    table = Table()
    texts, held, done = made(table, group("A", "B", "C", pieces=2))
    assert (texts, held, table.tries) == (["LA: A B C"], [], 1)
    assert [(one.filing, one.place, one.goods) for one in done.companies[0].members] == [
        ("FA", 1, 2), ("FB", 3, 2), ("FC", 5, 2),
    ]  # fmt: skip


@pytest.mark.parametrize("fault", ["bad", "odd"])
@pytest.mark.parametrize("who", ["A", "B", "C"])
def test_a_parcel_at_fault_is_held_alone(fault, who):
    texts, held, done = made(Table(**{fault: (who,)}), group("A", "B", "C"))
    rest = [name for name in "ABC" if name != who]
    assert (texts, held) == ([f"L{rest[0]}: {' '.join(rest)}"], [f"F{who}"])
    assert done.held[0][1].state == "held" and done.held[0][1].findings == (STOPS,)


def test_where_one_goods_item_stands_for_all_it_is_of_each():
    table = Table()
    table.routes = {ROUTE.name: msgspec.structs.replace(ROUTE, target="customs/uk/birds")}
    (company,) = declare(table, GroupJob(SETUP, NOW, (group("A", "B", pieces=2),))).companies
    assert [(one.place, one.goods) for one in company.members] == [(1, 1), (1, 1)]


def test_too_many_are_divided_until_they_fit():
    texts, held, done = made(Table(most=3), group(*"ABCDEFG"))
    assert held == [] and [text.partition(": ")[2].split() for text in texts] == [
        ["A", "B", "C"], ["D", "E"], ["F", "G"],
    ]  # fmt: skip
    assert [one.place for company in done.companies for one in company.members] == [1, 2, 3, 1, 2, 1, 2]


def test_where_all_are_at_fault_all_are_held():
    assert made(Table(bad="ABC"), group(*"ABC"))[:2] == ([], ["FA", "FB", "FC"])


def test_what_a_person_has_waived_of_one_holds_nobody():
    table = Table(odd="B", found=WAIVABLE)
    assert made(table, group("A", "B"))[1] == ["FB"]
    assert made(table, group("A", "B", waived=("TGT552",)))[0] == ["LA: A B"]


def test_groups_of_a_job_have_nothing_to_do_with_each_other():
    texts, held, _ = made(Table(bad="B"), group("A", "B"), group("C", "D"))
    assert (texts, held) == (["LA: A", "LC: C D"], ["FB"])


def test_a_parcel_that_could_be_declared_alone_waits_and_one_that_could_not_is_held():
    said = Consignment(item_id="A", goods_items=(GoodsItem(), GoodsItem()))
    alone = Draft("uk-h7", "t", "uk", "uk.live", "GB1", "L1", 1, "written", b"<x/>")
    waiting = in_company(alone, said, GroupPlan(99, ("item_id",)))
    assert (waiting.state, waiting.goods, waiting.text) == ("waiting", 2, b"")
    assert in_company(msgspec.structs.replace(alone, state="held"), said, GroupPlan(99)).state == "held"


def test_what_is_alike_is_told_by_the_values_of_the_route_and_shows_none_of_them():
    here, there = Consignment(nature="11", ucr="A"), Consignment(nature="11", ucr="B")
    assert together(here, ("nature",)) == together(there, ("nature",))
    assert together(here, ("nature", "ucr")) != together(there, ("nature", "ucr"))
    assert together(here, ()) == together(Consignment(), ())
    assert len(together(here, ("ucr",))) == 32
