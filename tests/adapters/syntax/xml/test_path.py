"""The way to the units: worked out once a plan, and never another plan's."""

from msgspec.structs import replace

from adapters.syntax.once import FEW
from adapters.syntax.xml.path import path


def test_a_damaged_file_does_not_pay_for_the_way_at_every_item(plan):
    assert path(plan) is path(plan)


def test_plans_are_told_apart_however_many_there_are(plan):
    for number in range(3 * FEW):
        named = replace(plan, root=(replace(plan.root[0], local=f"root-{number}"), *plan.root[1:]))
        assert path(named).names[0] == f"root-{number}".encode()
