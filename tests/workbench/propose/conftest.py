"""Messages of our own in every syntax, and what is proposed for them."""

import pytest

from gateway.mapping.registry import Registry
from gateway.workbench.propose.draft import draft

XML = """<sendungen xmlns="urn:example:sendung">
  <kopf><absenderkennung>POST-A</absenderkennung><versionId>2</versionId><messageId>M-77</messageId></kopf>
  <sendung>
    <sendungsnummer>RR473124829GB</sendungsnummer>
    <versanddatum>2026-11-02</versanddatum>
    <bruttogewicht einheit="kg">1.20</bruttogewicht>
    <absender><name>Töpferei Muster</name><strasse>Musterweg 1</strasse><plz>01067</plz><ort>Dresden</ort>
      <land>DE</land></absender>
    <empfaenger><name>Ana Ejemplo</name><strasse>Calle Prueba 3</strasse><plz>28001</plz><ort>Madrid</ort>
      <land>ES</land><email>ana@example.org</email></empfaenger>
    <position><warenbezeichnung>Keramiktasse</warenbezeichnung><zolltarifnummer>691200</zolltarifnummer>
      <menge>2</menge><wert waehrung="EUR">18.00</wert><ursprungsland>DE</ursprungsland></position>
    <position><warenbezeichnung>Holzlöffel</warenbezeichnung><zolltarifnummer>441990</zolltarifnummer>
      <menge>1</menge><wert waehrung="EUR">6.50</wert><ursprungsland>DE</ursprungsland></position>
  </sendung>
</sendungen>
"""
JSON = """{"shipment": {"trackingNumber": "RR473124829GB", "weight": {"value": 1.20, "unit": "KGM"},
 "shipFrom": {"name": "Example Pottery", "address": {"line1": "1 Example Lane", "city": "Dublin", "zip": "D02 X285",
   "countryCode": "IE"}},
 "shipTo": {"name": "Ana Ejemplo", "address": {"line1": "Calle Prueba 3", "city": "Madrid", "zip": "28001",
   "countryCode": "ES"}, "phone": "+34600000000"},
 "customs": {"currency": "EUR", "items": [
   {"description": "Ceramic cup", "hsCode": "691200", "quantity": 2, "unitPrice": 9.00, "total": 18.00,
    "originCountry": "IE"},
   {"description": "Wooden spoon", "hsCode": "441990", "quantity": 1, "unitPrice": 6.50, "total": 6.50,
    "originCountry": "IE"}]}}}
"""
CSV = """Parcel ID;Sender Name;Sender City;Sender Country;Recipient Name;Recipient Street;Recipient City;\
Recipient Country;Item Description;Qty;Unit Price;Line Total;Currency;HS Code
RR473124829GB;Example Pottery;Dublin;IE;Ana Ejemplo;Calle Prueba 3;Madrid;ES;Ceramic cup;2;9.00;18.00;EUR;691200
RR473124829GB;Example Pottery;Dublin;IE;Ana Ejemplo;Calle Prueba 3;Madrid;ES;Wooden spoon;1;6.50;6.50;EUR;441990
RR473124832GB;Example Pottery;Dublin;IE;Max Muster;Musterweg 1;Dresden;DE;Linen towel;1;12.00;12.00;EUR;630260
"""
MESSAGES = {"xml": XML, "json": JSON, "csv": CSV}


@pytest.fixture
def propose(tmp_path):
    """A message's text to the draft of a table, which stands in a folder of tables."""

    def drafted(text, record=None):
        sample = tmp_path / "sample"
        sample.write_text(text, encoding="utf-8")
        return draft([sample], "own/new", record)

    return drafted


@pytest.fixture
def registry(tmp_path):
    """The registry that holds one draft beside what is shipped."""

    def holding(found):
        table = tmp_path / "tables" / "own" / "new.yaml"
        table.parent.mkdir(parents=True, exist_ok=True)
        table.write_text(found.text, encoding="utf-8")
        return Registry((tmp_path / "tables",))

    return holding
