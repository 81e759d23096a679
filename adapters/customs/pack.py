"""What every authority pack does alike: dated tables are checked by what is said of them, pointers end at origins."""

from datetime import date

from adapters.customs.origins import Origins, origin
from adapters.customs.tables import Tables
from adapters.customs.tables import faults as unusable
from gateway.findings import Finding
from gateway.mapping.protocols import Lists


class Pack:
    """The part that is data: the pack's name, its dated tables, and whose words stand behind what it adds."""

    name: str
    tables: Tables
    origins: Origins

    def faults(self, lists: Lists, on: date) -> tuple[Finding, ...]:
        """Rows of the dated tables that cannot be used."""
        return unusable(lists, self.name, self.tables, on)

    def origin(self, model_path: str) -> str:
        """The sender's fact behind a declared one."""
        return origin(model_path, self.origins)
