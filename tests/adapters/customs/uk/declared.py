"""A complete declaration of the super-reduced data set, and how it is written: what requests are about."""

from decimal import Decimal

from gateway.mapping.protocols import Filing
from gateway.model import (
    Address,
    Amount,
    Consignment,
    Declaration,
    Document,
    GoodsItem,
    Identification,
    Location,
    Measure,
    Moment,
    Party,
    Procedure,
    Reference,
    Statement,
    Transport,
)

MRN = "26GB00CH1NA0000AR1"


def pounds(text: str, currency: str = "GBP") -> Amount:
    return Amount(Decimal(text), currency)


def eori(number: str) -> tuple[Identification, ...]:
    return (Identification(kind="EORI", id=number),)


def goods(number: int, description: str = "Cotton T-shirt, men, knitted", value: str = "12.50") -> GoodsItem:
    return GoodsItem(
        number=number,
        description=description,
        tariff_code="61091000",
        gross_mass=Measure(Decimal("0.300")),
        value=pounds(value),
        procedure=Procedure(requested="40", previous="00"),
        additional_procedures=("1H7", "C07"),
        statements=(Statement(code="NIIMP"), Statement(code="00500", text="Importer")),
        documents=(Document(kind="supporting", type="N380", id=f"INV-{number}"),),
    )


H7 = Consignment(
    item_id="UA473124829PT",
    package_count=1,
    postage=pounds("6.40"),
    exporter=Party(
        name="Loja Exemplo Lda",
        address=Address(lines=("Rua Exemplo 5",), city="Lisboa", country="PT", postcode="1000-001"),
    ),
    importer=Party(
        name="A. Receiver",
        address=Address(lines=("1 Example Street",), city="Belfast", country="GB", postcode="BT1 1AA"),
    ),
    declarant=Party(ids=eori("GB123456789000")),
    goods_location=Location(type="A", qualifier="U", name="BELBFSBEL", address=Address(country="GB")),
    transport=Transport(mode="5", nationality="PT"),
    declaration=Declaration(function="9", type="IMA", lrn="GW1-CHINA"),
    fiscal_references=(Reference(id="IM0000000000", role="FR5"), Reference(id="GB123456789", role="FR2")),
    documents=(Document(kind="previous", type="ZZZZ", id="UA473124829PT"),),
    goods_items=(goods(1), goods(2, "Ceramic mug", "8.00"), goods(3, "Paperback novel", "4.20")),
)


def asked(purpose: str = "amend", **facts: str) -> Filing:
    """A request with all that it must say."""
    reason = {"amend": "21", "cancel": "1"}.get(purpose, "")
    said = {"about": "GW1-CHINA", "mrn": MRN, "version": "1", "reason": reason, "text": "Corrected by the sender"}
    return Filing("GW1-CHINA-X1", Moment("2026-09-15T10:00:00Z"), 1, "customs/uk/h7", purpose=purpose, **(said | facts))
