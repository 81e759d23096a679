"""x"""

from typing import Any


def writer_of(plan: Any) -> Any:
    return lambda record: None
