"""The share of rows right does not fall: on samples that the proposal was made better on, and on others."""

import pytest

from tests.bench.propose import FEEDS, KEPT_BACK, SAMPLES, SHARED, WORKED_ON, goods, measure

FLOORS = {WORKED_ON: 0.85, KEPT_BACK: 0.8}
PRECISION = {WORKED_ON: 0.95, KEPT_BACK: 0.8}

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="no shared data: set GATEWAY_SHARED_DATA")


@pytest.mark.parametrize("group", FLOORS)
def test_share_of_rows_right(group):
    shares = [measure(case) for case in SAMPLES if case.group == group]
    assert sum(share.right for share in shares) / sum(share.rows for share in shares) >= FLOORS[group]
    surplus, proposed = sum(share.surplus for share in shares), sum(share.proposed for share in shares)
    assert 1 - surplus / proposed >= PRECISION[group]


def test_goods_of_carriers():
    shares = [goods(feed) for feed in FEEDS[4:]]
    assert sum(share.right for share in shares) / sum(share.rows for share in shares) >= 0.8
