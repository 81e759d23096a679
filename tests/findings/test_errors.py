import inspect

import pytest

from gateway.findings import errors
from gateway.findings.errors import GatewayError, GatewayFault, Permanent, ReceiverFault, Retryable, SenderFault

FAULTS = (SenderFault, GatewayFault, ReceiverFault)
ALL = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, GatewayError) and kind not in (GatewayError, *FAULTS)
]


def test_there_are_exceptions():
    assert len(ALL) >= 8


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_each_says_what_whose_fault_and_whether_to_try_again(kind):
    assert (kind.__doc__ or "").strip().endswith(".")
    assert sum(issubclass(kind, fault) for fault in FAULTS) == 1
    assert issubclass(kind, Retryable) != issubclass(kind, Permanent)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_the_docstring_is_the_message(kind):
    assert str(kind()) == inspect.cleandoc(kind.__doc__)
    assert str(kind("other words")) == "other words"
