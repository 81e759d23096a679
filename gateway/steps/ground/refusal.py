"""What a person hears when something cannot be done."""

from gateway.findings.errors import GatewayFault, Permanent


class NotPossible(GatewayFault, Permanent):
    """This cannot be done with it now."""
