"""The yardsticks: parsing alone, and the same translation written by hand. Plain on purpose and never tuned.

The hand-written mapper is what a Python developer writes for these two messages and no other: one dict an item, one
f-string a declaration and a goods item, no checks of width or form, no positions, no record in between.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

NS = "{m33}"
MARKUP = re.compile("[&<>]")


def iter_items(path: Path) -> Iterator[Any]:
    """Constant memory; only the item's end event crosses into Python."""
    hard = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
    for _, item in etree.iterparse(path, events=("end",), tag=f"{NS}item", **hard):
        yield item
        item.clear()
        while item.getprevious() is not None:
            del item.getparent()[0]


def parse(path: Path) -> Iterator[str]:
    """`iterparse(tag=item)` and nothing else."""
    for _ in iter_items(path):
        yield ""


def translate(path: Path) -> Iterator[str]:
    """ITMATT items as super-reduced declarations, by hand."""
    for item in iter_items(path):
        yield declaration(item)


def escape(text: str) -> str:
    if not MARKUP.search(text):
        return text
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def fill(element: Any) -> dict[str, Any]:
    """Local names to texts; parts and lists to dicts."""
    found: dict[str, Any] = {}
    for child in element:
        name = child.tag[len(NS) :]
        if name == "content-piece":
            found.setdefault(name, []).append(fill(child))
        elif name == "line":
            found.setdefault(name, []).append(child.text)
        elif len(child):
            found[name] = fill(child)
        else:
            found[name] = child.text
            currency = child.get("currency")
            if currency is not None:
                found["@" + name] = currency
    return found


def declaration(item: Any) -> str:
    facts = fill(item)
    item_id = facts["item-id"]
    goods = "".join(goods_item(number, piece) for number, piece in enumerate(facts["content-piece"], 1))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<md:MetaData xmlns="urn:wco:datamodel:WCO:DEC-DMS:2" xmlns:md="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2">
  <md:WCODataModelVersionCode>3.6</md:WCODataModelVersionCode>
  <md:WCOTypeName>DEC</md:WCOTypeName>
  <md:ResponsibleCountryCode>GB</md:ResponsibleCountryCode>
  <md:ResponsibleAgencyName>HMRC</md:ResponsibleAgencyName>
  <md:AgencyAssignedCustomizationVersionCode>v2.1</md:AgencyAssignedCustomizationVersionCode>
  <Declaration>
    <FunctionCode>9</FunctionCode>
    <FunctionalReferenceID>GW1{item_id}</FunctionalReferenceID>
    <TypeCode>IMA</TypeCode>
    <GoodsItemQuantity>{len(facts["content-piece"])}</GoodsItemQuantity>
    <TotalPackageQuantity>1</TotalPackageQuantity>
    <Agent>
      <ID>GB000000000001</ID>
      <FunctionCode>2</FunctionCode>
    </Agent>
    <BorderTransportMeans>
      <ModeCode>5</ModeCode>
    </BorderTransportMeans>
    <Declarant>
      <ID>GB000000000001</ID>
    </Declarant>
    <Exporter>
{party(facts["sender"], "      ")}    </Exporter>
    <GoodsShipment>
      <Consignment>
        <GoodsLocation>
          <Name>EXAEXAEXA</Name>
          <TypeCode>A</TypeCode>
          <Address>
            <TypeCode>U</TypeCode>
            <CountryCode>GB</CountryCode>
          </Address>
        </GoodsLocation>
      </Consignment>
      <CustomsValuation>
        <FreightChargeAmount currencyID="{facts["@postage"]}">{facts["postage"]}</FreightChargeAmount>
      </CustomsValuation>
      <DomesticDutyTaxParty>
        <ID>IM0000000000</ID>
        <RoleCode>FR5</RoleCode>
      </DomesticDutyTaxParty>
{goods}      <Importer>
{party(facts["recipient"], "        ")}      </Importer>
      <PreviousDocument>
        <CategoryCode>Z</CategoryCode>
        <ID>{item_id}</ID>
        <TypeCode>ZZZ</TypeCode>
      </PreviousDocument>
    </GoodsShipment>
  </Declaration>
</md:MetaData>
"""


def party(facts: dict[str, Any], indent: str) -> str:
    address = facts["address"]
    return f"""{indent}<Name>{escape(facts["name"])}</Name>
{indent}<Address>
{indent}  <CityName>{escape(address["city"])}</CityName>
{indent}  <CountryCode>{address["country"]}</CountryCode>
{indent}  <Line>{escape(", ".join(address["line"]))}</Line>
{indent}  <PostcodeID>{escape(address["postcode"])}</PostcodeID>
{indent}</Address>
"""


def goods_item(number: int, piece: dict[str, Any]) -> str:
    code = piece["hs-code"]
    return f"""      <GovernmentAgencyGoodsItem>
        <CustomsValueAmount currencyID="{piece["@value"]}">{piece["value"]}</CustomsValueAmount>
        <SequenceNumeric>{number}</SequenceNumeric>
        <Commodity>
          <Description>{escape(piece["description"])}</Description>
          <Classification>
            <ID>{code[:8]}</ID>
            <IdentificationTypeCode>TSP</IdentificationTypeCode>
          </Classification>
          <Classification>
            <ID>{code[8:]}</ID>
            <IdentificationTypeCode>TRC</IdentificationTypeCode>
          </Classification>
          <GoodsMeasure>
            <GrossMassMeasure>{piece["net-weight"]}</GrossMassMeasure>
          </GoodsMeasure>
        </Commodity>
        <GovernmentProcedure>
          <CurrentCode>40</CurrentCode>
          <PreviousCode>00</PreviousCode>
        </GovernmentProcedure>
        <GovernmentProcedure>
          <CurrentCode>1H7</CurrentCode>
        </GovernmentProcedure>
        <GovernmentProcedure>
          <CurrentCode>C07</CurrentCode>
        </GovernmentProcedure>
      </GovernmentAgencyGoodsItem>
"""
