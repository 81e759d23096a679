"""The best total, against trying everything."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from gateway.workbench.propose.assign import best

SIDES = st.integers(0, 3)


@given(st.dictionaries(st.tuples(SIDES, SIDES), st.integers(1, 20).map(lambda n: n / 20), min_size=1))
def test_no_other_assignment_is_better(scores):
    found = best(scores)
    assert len(set(found.values())) == len(found)
    total = sum(scores[pair] for pair in found.items())
    every = (sum(scores.get(pair, 0) for pair in enumerate(order)) for order in permutations(range(4)))
    assert total >= max(every) - 1e-9


def test_nothing_to_assign():
    assert best({}) == {}
