"""Code lists as an officer needs them: the code of the message, the gateway's own code, what it means.

Labels come from the list's column for the language (`label_fr`), else from `label`; names of countries and currencies
from the catalogues of iso-codes. Notes are msgids.
"""

from collections.abc import Iterator

import msgspec

from gateway.checks import countries, currencies
from gateway.checks.lists import rows as facts
from gateway.locale import names
from gateway.mapping import listing
from gateway.mapping.listing import MESSAGE, MODEL, NOTE, Listing, ListRow
from gateway.mapping.registry import Registry
from gateway.workbench.document.line import Line
from gateway.workbench.document.words import Words


def _(message: str) -> str:
    return message


TARIFFS = (_("tariff of the destination"), _("tariff of the origin"))  # as the model's dictionary calls them
_NUMBERS = {"UPU S10", "UPU S9", "UPU S8"}  # a row says by its check that a number is one of these
COUNTRIES, CURRENCIES = "ISO 3166-1 alpha-2", "ISO 4217"
# Lists of the UPU of which the gateway has labels: the table, its column of codes.
_LABELLED = {
    "UPU list 116": ("checks/class-limits", "mail_class"),
    "UPU list 115": ("checks/mail-categories", "mail_category"),
}


class Code(msgspec.Struct, frozen=True):
    """One code; `model` is the gateway's, `along` what is set beside it."""

    code: str
    label: str
    model: str = ""
    along: str = ""


class CodeTable(msgspec.Struct, frozen=True):
    """A list by its name; `source` is its file or standard."""

    name: str
    source: str
    codes: tuple[Code, ...]


class CodeTables:
    """The lists that pages refer to, each made once."""

    def __init__(self, registry: Registry, say: Words) -> None:
        self._registry, self._say = registry, say
        self._made: dict[str, CodeTable] = {}

    def of(self, line: Line) -> CodeTable | None:
        """The list that the values of a line are taken from."""
        name = list_name(line)
        if not name:
            return None
        if name not in self._made:
            found = self._make(name, line)
            if found is None:
                return None
            self._made[name] = found
        return self._made[name]

    def _make(self, name: str, line: Line) -> CodeTable | None:
        language = self._say.language
        if name == COUNTRIES:
            return CodeTable(name, name, tuple(_countries(language)))
        if name == CURRENCIES:
            known = sorted(currencies.known())
            return CodeTable(name, name, tuple(Code(code, names.currency(code, language)) for code in known))
        if name in _LABELLED:
            labelled, column = _LABELLED[name]
            return CodeTable(name, name, tuple(Code(row[column], self._say(row["label"])) for row in facts(labelled)))
        if line.value is not None and line.value.codes is not None:
            found = listing.read(name, self._registry.find(f"codes/{name}.csv"))
            said = ", ".join(filter(None, (found.source, found.date)))
            return CodeTable(name, f"{found.file}{said and f' ({said})'}", tuple(self._listed(found)))
        return None

    def _listed(self, found: Listing) -> Iterator[Code]:
        for row in found.rows:
            along = ", ".join(f"{key} = {row[key]}" for key in found.along if row[key])
            yield Code(row[MESSAGE], self._meaning(found, row), row[MODEL], along)

    def _meaning(self, found: Listing, row: ListRow) -> str:
        """The label, and what the note says beside it."""
        label = self._say(found.label(row, self._say.language))
        return "; ".join(filter(None, (label, self._say(row[NOTE]))))


def list_name(line: Line) -> str:
    """What the list of a line is called; empty where any text may stand."""
    value = line.value
    if value is None:
        return ""
    if line.role == "currency" or value.check == "iso4217":
        return CURRENCIES
    if line.role != "text" or value.constant is not None:
        return ""
    if value.codes is not None:
        return value.codes.name
    if value.check == "iso3166":
        return COUNTRIES
    said = line.field.code_list if line.field and not line.lists else ""
    return "" if said in _NUMBERS else said


def enumerated(line: Line) -> tuple[str, ...]:
    """The values that the grammar allows."""
    return line.node.values if line.node is not None and line.value is not None else ()


def _countries(language: str) -> Iterator[Code]:
    own = {row["country"]: row["name"] for row in facts("checks/countries")}
    yield from (Code(code, names.country(code, language) or own.get(code, "")) for code in sorted(countries.known()))
