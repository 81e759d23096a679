"""Groups of data elements, as they are called. `_` marks msgids that are said elsewhere."""

from gateway.workbench.document.words import Words


def _(message: str) -> str:
    return message


GROUPS = {
    "envelope": _("Envelope of the message"),
    "consignment": _("Consignments"),
    "movement": _("Movement and receptacles"),
    "decision": _("Decision"),
    "identity": _("Identification of the item"),
    "postal": _("Postal service"),
    "measures": _("Masses and counts"),
    "money": _("Values and charges"),
    "places": _("Countries and places"),
    "transport": _("Transport"),
    "parties": _("Parties"),
    "declaration": _("Declaration and references"),
    "documents": _("Documents and statements"),
    "goods": _("Goods"),
    "taxes": _("Duties and taxes"),
    "reasons": _("Reasons"),
    "extension": _("Further fields"),
}


def group_name(group: str, say: Words) -> str:
    """What a group is called."""
    return say(GROUPS[group])
