"""What a rule yields, and what a rule is."""

from collections.abc import Callable, Iterator

from gateway.checks.yardstick import Yardstick
from gateway.model import Consignment

Fault = tuple[str, str, dict[str, str]]
Rule = Callable[[Consignment, Yardstick], Iterator[Fault]]
