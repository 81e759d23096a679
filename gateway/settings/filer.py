"""What the filer knows and no sender says: the partial record in a partner's file, read against the model.

`record: {declarant: {name: Example Broker, ids: [{kind: EORI, id: GB123456789000}]}}` stands in the file of the
authority and is laid under every record that is filed with it (`gateway.model.laying`). Keys are the model's own names;
a mass is written `1.5 KGM`, an amount `12.50 EUR`, a moment by ISO 8601.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from gateway.findings import Finding
from gateway.mapping.grammar import form
from gateway.model import Amount, Consignment, Measure
from gateway.model.dictionary import FieldInfo, fields
from gateway.model.moment import parse as parse_moment
from gateway.model.wco import Record
from gateway.settings.faults import nearest, shape
from gateway.settings.source import Place, Source


def record_of(data: Mapping[str, Any]) -> Consignment:
    """The partial record of a file that has no faults."""
    return read_record(data, Source(""), ())[0]


def read_record(data: Any, source: Source, place: Place) -> tuple[Consignment, tuple[Finding, ...]]:
    """The partial record at a place of a file, and every fault in it."""
    reader = _Reader(source)
    found = reader.record(Consignment, data, place, "")
    return found or Consignment(), tuple(reader.faults)


class _Reader:
    """Walks the values of a file and the model side by side."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.faults: list[Finding] = []

    def record(self, kind: type[Record], data: Any, place: Place, path: str) -> Any:
        if not isinstance(data, Mapping):
            return self._misfit(place, data, "keys with values")
        known = fields(kind)
        found: dict[str, Any] = {}
        for name, value in data.items():
            inner = (*place, name)
            if name not in known:
                said, near = path + name, nearest(path + name, [path + each for each in known])
                self.faults.append(self._source.key_finding("CFG124", inner, name=said, nearest=near))
                continue
            if (understood := self._field(known[name], value, inner, f"{path}{name}.")) is not None:
                found[name] = understood
        return kind(**found)

    def _field(self, field: FieldInfo, data: Any, place: Place, path: str) -> Any:
        if not field.is_list:
            return self._value(field, data, place, path)
        if not isinstance(data, list):
            return self._misfit(place, data, "a list")
        entries = [self._value(field, each, (*place, at), path) for at, each in enumerate(data)]
        return tuple(entry for entry in entries if entry is not None)

    def _value(self, field: FieldInfo, data: Any, place: Place, path: str) -> Any:
        if field.record is not None:
            return self.record(field.record, data, place, path)
        if field.kind == "map":
            plain = isinstance(data, Mapping) and all(isinstance(value, str) for value in data.values())
            return dict(data) if plain else self._misfit(place, data, "keys with values")
        form_ = _FORMS[field.kind]
        value = form_.read(data) if isinstance(data, str) and data else None
        if value is None:
            return self._misfit(place, data, form_.expected)
        longest = form(field.format).longest
        if field.kind == "text" and longest is not None and len(data) > longest:
            return self._misfit(place, data, f"a text of at most {longest} characters (WCO format {field.format})")
        return value

    def _misfit(self, place: Place, data: Any, expected: str) -> None:
        shown = data if isinstance(data, str) else shape(data)
        self.faults.append(self._source.finding("CFG108", place, value=shown, expected=expected))


class _Form(NamedTuple):
    """How a value is written in the file."""

    read: Callable[[str], Any]
    expected: str


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _with(kind: type[Amount] | type[Measure]) -> Callable[[str], Any]:
    """A number and what it counts: a currency or a unit."""

    def read(text: str) -> Amount | Measure | None:
        number, _, unit = text.partition(" ")
        value = _number(number)
        return kind(value, unit) if value is not None and unit.isalnum() and unit.isupper() else None

    return read


_FORMS: Mapping[str, _Form] = {
    "text": _Form(str, "a text"),
    "count": _Form(lambda text: int(text) if text.isascii() and text.isdigit() else None, "a whole number"),
    "number": _Form(_number, "a number"),
    "measure": _Form(_with(Measure), "a mass such as `1.5 KGM`"),
    "amount": _Form(_with(Amount), "an amount such as `12.50 EUR`"),
    "moment": _Form(lambda text: parse_moment(text, "iso"), "a moment such as `2026-09-13` or `2026-09-13T17:40:00Z`"),
    "flag": _Form({"true": True, "false": False}.get, "`true` or `false`"),
}
