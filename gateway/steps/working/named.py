"""By which names a parcel is found again: its own number, its bag, its waybill, its orders, what others call it.

>>> parcel = Consignment(item_id="RR473124829GB", receptacle_id="GBLALADKCPHAAUN60001001000010", order_numbers=("7",))
>>> list(names(parcel))
[('s10', 'RR473124829GB'), ('receptacle', 'GBLALADKCPHAAUN60001001000010'), ('order', '7')]
>>> list(names(Consignment(item_id="HAWB-1", master_reference="020-12345675")))
[('house', 'HAWB-1'), ('master', '020-12345675')]
"""

from collections.abc import Iterator

from gateway.checks import s10
from gateway.model import Consignment

ALONE = (("receptacle", "receptacle_id"), ("master", "master_reference"), ("reference", "ucr"))
SEVERAL = (("order", "order_numbers"), ("reference", "local_ids"))


def names(record: Consignment) -> Iterator[tuple[str, str]]:
    """Kind and value of each: a number that is no S10 is that of a house waybill."""
    if record.item_id:
        yield "s10" if s10.is_valid(record.item_id) else "house", record.item_id
    for kind, field in ALONE:
        if value := getattr(record, field):
            yield kind, value
    for kind, field in SEVERAL:
        for value in getattr(record, field):
            yield kind, value
