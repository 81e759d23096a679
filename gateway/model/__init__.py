"""The hub: typed records that every format is read into and written from."""

from gateway.model.consignment import Consignment
from gateway.model.decision import Control, Decision, Reason, Release, Tax
from gateway.model.declaration import Amendment, Declaration, DeliveryTerms, Duty, Guarantee, Procedure, Repayment
from gateway.model.documents import CustomsNote, Document, Package, Reference, Statement, Step, WriteOff
from gateway.model.goods import GoodsItem, Product, Transaction
from gateway.model.message import Message
from gateway.model.moment import Moment
from gateway.model.movement import Movement, Receptacle
from gateway.model.party import Address, Communication, Identification, Party
from gateway.model.places import Location, Transport
from gateway.model.quantities import Amount, Measure
from gateway.model.wco import Record, Wco

__all__ = [
    "Address",
    "Amendment",
    "Amount",
    "Communication",
    "Consignment",
    "Control",
    "CustomsNote",
    "Decision",
    "Declaration",
    "DeliveryTerms",
    "Document",
    "Duty",
    "GoodsItem",
    "Guarantee",
    "Identification",
    "Location",
    "Measure",
    "Message",
    "Moment",
    "Movement",
    "Package",
    "Party",
    "Procedure",
    "Product",
    "Reason",
    "Receptacle",
    "Record",
    "Reference",
    "Release",
    "Repayment",
    "Statement",
    "Step",
    "Tax",
    "Transaction",
    "Transport",
    "Wco",
    "WriteOff",
]
