"""What the demonstration's tests share: a declaration in our own words, a wait with a deadline."""

import time

import pytest

DECLARATION = """\
<?xml version="1.0" encoding="UTF-8"?>
<md:MetaData xmlns:md="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2" xmlns="urn:wco:datamodel:WCO:DEC-DMS:2">
  <md:WCODataModelVersionCode>3.6</md:WCODataModelVersionCode>
  <md:WCOTypeName>DEC</md:WCOTypeName>
  <md:ResponsibleCountryCode>GB</md:ResponsibleCountryCode>
  <md:ResponsibleAgencyName>HMRC</md:ResponsibleAgencyName>
  <md:AgencyAssignedCustomizationVersionCode>v2.1</md:AgencyAssignedCustomizationVersionCode>
  <Declaration>
    <FunctionCode>9</FunctionCode>
    <FunctionalReferenceID>{lrn}</FunctionalReferenceID>
    <TypeCode>IMA</TypeCode>
    <GoodsItemQuantity>1</GoodsItemQuantity>
    <BorderTransportMeans>
      <ModeCode>5</ModeCode>
    </BorderTransportMeans>
    <Declarant>
      <ID>GB123456789000</ID>
    </Declarant>
    <GoodsShipment>
      <GovernmentAgencyGoodsItem>
        <CustomsValueAmount currencyID="GBP">24.00</CustomsValueAmount>
        <SequenceNumeric>1</SequenceNumeric>
        <Commodity>
          <Description>{description}</Description>
          <Classification>
            <ID>61091000</ID>
            <IdentificationTypeCode>TSP</IdentificationTypeCode>
          </Classification>
          <GoodsMeasure>
            <GrossMassMeasure unitCode="KGM">0.300</GrossMassMeasure>
          </GoodsMeasure>
        </Commodity>
        <GovernmentProcedure>
          <CurrentCode>40</CurrentCode>
          <PreviousCode>00</PreviousCode>
        </GovernmentProcedure>
      </GovernmentAgencyGoodsItem>
    </GoodsShipment>
  </Declaration>
</md:MetaData>
"""


@pytest.fixture
def declaration():
    def write(lrn, description="T-shirt, cotton, knitted"):
        return DECLARATION.format(lrn=lrn, description=description).encode()

    return write


@pytest.fixture
def until():
    def wait(condition, seconds=90):
        end = time.monotonic() + seconds
        while not (found := condition()):
            assert time.monotonic() < end, "nothing came of it"
            time.sleep(0.01)
        return found

    return wait
