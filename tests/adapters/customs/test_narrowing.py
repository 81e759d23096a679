"""What an answer to a declaration for several parcels says of each: nothing lost, nothing told to the wrong one."""

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.customs.narrowing import narrowed
from gateway.model import Amendment, Amount, Consignment, Decision, GoodsItem, Reason, Release, Statement, Step, Tax

sizes = st.lists(st.integers(1, 4), min_size=1, max_size=5)


def at(number):
    """A pointer to the value of a goods item, or above the goods."""
    above = (Step(section="42A"), Step(section="67A"))
    return (*above, Step(section="68A", number=number, tag="108")) if number else above


@st.composite
def answers(draw):
    """Sizes of the members, and an answer that points at goods of theirs and above them."""
    members = draw(sizes)
    numbers = st.lists(st.none() | st.integers(1, sum(members)), max_size=6)
    said = Decision(
        outcome=draw(st.sampled_from(["rejected", "duty_assessed", "released", "accepted"])),
        reasons=tuple(Reason(code=f"R{n}", pointer=at(of)) for n, of in enumerate(draw(numbers))),
        changes=tuple(Amendment(reason=f"C{n}", pointer=at(of)) for n, of in enumerate(draw(numbers))),
        statements=tuple(Statement(code=f"S{n}", pointer=at(of)) for n, of in enumerate(draw(numbers))),
        taxes=tuple(Tax(type=f"T{n}", goods_item=of) for n, of in enumerate(draw(numbers))),
        releases=tuple(Release(goods_item=of, released=True) for of in draw(numbers) if of),
    )
    return members, said


def firsts(members):
    return [1 + sum(members[:n]) for n in range(len(members))]


def heard(members, said):
    return [narrowed(said, first, size) for first, size in zip(firsts(members), members, strict=True)]


def number(pointer):
    return next((step.number for step in pointer if step.section == "68A"), None)


@given(answers())
def test_each_reason_is_told_once_where_it_belongs_and_to_all_where_it_names_no_goods(drawn):
    members, said = drawn
    told = heard(members, said)
    for reason in said.reasons:
        of = number(reason.pointer)
        got = [
            (first, number(each.pointer))
            for first, one in zip(firsts(members), told, strict=True)
            for each in (one.reasons if one else ())
            if each.code == reason.code
        ]
        if of is None:
            assert got == [(first, None) for first in firsts(members)]
        else:
            ((first, own),) = got
            assert first + own - 1 == of


@given(answers())
def test_taxes_and_releases_are_each_told_to_one_member(drawn):
    members, said = drawn
    told = [one for one in heard(members, said) if one]
    assert sorted(tax.type for one in told for tax in one.taxes if tax.goods_item) == sorted(
        tax.type for tax in said.taxes if tax.goods_item
    )
    assert sum(len(one.releases) for one in told) == len(said.releases)


@given(answers())
def test_numbers_are_those_of_the_members_own_goods(drawn):
    members, said = drawn
    for size, one in zip(members, heard(members, said), strict=True):
        pointers = [*(each.pointer for each in (*one.reasons, *one.changes, *one.statements))] if one else []
        numbers = [number(each) for each in pointers] + [tax.goods_item for tax in one.taxes] if one else []
        assert all(each is None or 1 <= each <= size for each in numbers)


@given(answers())
def test_one_member_alone_hears_everything(drawn):
    members, said = drawn
    assert narrowed(said, 1, sum(members)) == said


ELSEWHERE = Reason(code="X", pointer=at(3))


@pytest.mark.parametrize("outcome", ["rejected", "information_requested", "duty_assessed"])
def test_an_answer_about_goods_of_others_says_nothing(outcome):
    assert narrowed(Decision(outcome=outcome, reasons=(ELSEWHERE,)), 1, 2) is None


@pytest.mark.parametrize("outcome", ["accepted", "cleared", "cancelled"])
def test_an_answer_about_the_whole_is_told_without_what_is_said_of_others(outcome):
    assert narrowed(Decision(outcome=outcome, reasons=(ELSEWHERE,)), 1, 2) == Decision(outcome=outcome)


def test_a_rejection_that_names_no_goods_concerns_every_parcel():
    said = Decision(outcome="rejected", reasons=(Reason(code="A"), ELSEWHERE))
    assert narrowed(said, 1, 2) == Decision(outcome="rejected", reasons=(Reason(code="A"),))


def test_a_sum_of_all_is_not_told_where_others_pay_a_part_of_it():
    tax, total = Tax(type="B00", goods_item=1), Amount(Decimal(5), "GBP")
    said = Decision(outcome="duty_assessed", taxes=(tax, Tax(type="B00", goods_item=2)), total=total)
    assert narrowed(said, 1, 1) == Decision(outcome="duty_assessed", taxes=(tax,))
    assert narrowed(msgspec.structs.replace(said, taxes=(tax,)), 1, 1).total == total


def test_what_customs_changed_is_told_to_those_whose_goods_they_are():
    changed = Consignment(goods_items=(GoodsItem(number=2, hs_code="610910"),))
    said = Decision(outcome="changed_by_customs", changed=changed)
    assert narrowed(said, 1, 1) is None
    assert narrowed(said, 2, 1).changed.goods_items == (GoodsItem(number=1, hs_code="610910"),)
