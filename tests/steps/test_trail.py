"""From a declared fact back to the sender's: the one it is made of, or just that one where the sender says it there."""

import pytest

from gateway.findings.finding import Row
from gateway.mapping.registry import Registry
from gateway.mapping.trace import Entry
from gateway.model import Consignment, Reason
from gateway.steps.answering.pointer import Trail
from tests.tables.conftest import ON


def trail(*known):
    carriers = Registry().format("ecommerce/manifest", ON).carriers
    entries = tuple(
        Entry(message_path=f"at {path}", model_path=path, text="INV-1", row=Row("t.yaml", 1)) for path in known
    )
    return Trail("customs/uk/h7", Consignment(), Consignment(), (), entries, carriers)


@pytest.mark.parametrize(
    ("known", "origin"),
    [
        (["documents[1].id"], "documents[1].id"),
        (["goods_items[2].documents[1].id"], "goods_items[2].documents[1].id"),
        (["documents[1].id", "goods_items[2].documents[1].id"], "documents[1].id"),
        ([], "documents[1].id"),
    ],
)
def test_a_document_of_the_goods_is_the_parcels_unless_only_the_goods_have_it(known, origin):
    assert trail(*known).fact("goods_items[2].documents[1].id", Reason(code="X")).reason.model_path == origin
