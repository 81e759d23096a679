"""A row's words against the kind of its field: an amount needs a currency, a converter its own kind of value.

What can be known of one row by itself; what its element's grammar says is lint's.
"""

from collections.abc import Iterator

from gateway.checks.converters import CONVERTERS, Converter
from gateway.checks.currencies import NO_CURRENCY
from gateway.checks.currencies import known as known_currencies
from gateway.findings.finding import Finding
from gateway.mapping.codelist import CodeList
from gateway.mapping.faults import fault
from gateway.mapping.plan import BESIDE, Value
from gateway.mapping.table import Line
from gateway.mapping.trouble import Refused
from gateway.mapping.understand import understood
from gateway.mapping.units import UNITS

_NEEDED = {"unit": "measure", "currency": "amount", "date": "moment"}
_CODED = ("text", "count", *BESIDE)  # kinds that are written through a code list
_CONVERTED = {"text": ("text",), "number": ("number", "amount")}


def misused(line: Line, value: Value) -> Iterator[Finding]:
    """What a row says that its field, or the row itself, cannot be."""
    yield from _beside(line, value)
    yield from _joined(line, value)
    if not value.refs:
        if value.kind != "position" and value.constant is None:
            yield fault("MAP131", line.place, path=line.key)
        return
    if value.check and value.kind != "text":
        yield _wants(line, "check", "a field of kind text")
    if value.converter:
        yield from _converter(line, value, CONVERTERS[value.converter])
    if value.codes is not None:
        yield from _codes(line, value, value.codes)
    for keyword in ("default", "constant"):
        yield from _text(line, value, keyword)


def _beside(line: Line, value: Value) -> Iterator[Finding]:
    """Unit, currency and form of date belong to a kind, and two kinds cannot be without."""
    for keyword, kind in _NEEDED.items():
        if keyword in line.words and value.kind != kind:
            yield _wants(line, keyword, f"a field of kind {kind}")
        if keyword not in line.words and value.kind == kind and keyword != "date":
            yield fault("MAP129", line.place, keyword=keyword, kind=kind)


def _joined(line: Line, value: Value) -> Iterator[Finding]:
    """A key of several elements, and what takes the value apart over them."""
    most = max(value.pieces)
    if most > 1 and value.converter and not value.split and CONVERTERS[value.converter].pieces is None:
        known = ", ".join(name for name, converter in CONVERTERS.items() if converter.pieces)
        yield fault("MAP153", line.place_of("as"), name=value.converter, known=known)
    elif most > 1 and not {"split", "as"} & set(line.words):
        yield fault("MAP132", line.place, path=line.key)
    elif most > 1 and value.split and len(value.split) != most:
        yield fault("MAP152", line.place_of("split"), said=len(value.split), pieces=most)


def _converter(line: Line, value: Value, converter: Converter) -> Iterator[Finding]:
    kinds = _CONVERTED[converter.kind]
    if value.kind not in kinds or value.listed != converter.is_list:
        yield _wants(line, "as", f"{'a list' if converter.is_list else 'a field'} of kind {' or '.join(kinds)}")


def _codes(line: Line, value: Value, codes: CodeList) -> Iterator[Finding]:
    """A code list gives texts: a count is digits; other kinds would be written without it."""
    if value.kind not in _CODED and value.only != "read":
        yield _wants(line, "codes", f"a field of kind {' or '.join(_CODED)}, or `only: read`")
    known = {"measure": frozenset(UNITS), "amount": known_currencies()}.get(value.kind)
    for code in dict.fromkeys(codes.read.values()):
        if known is not None and code not in known:
            yield fault("MAP154", line.place_of("codes"), list=codes.name, value=code, kind=BESIDE[value.kind])
        elif known is None and code and not _stands_for(value, code):
            yield fault("MAP154", line.place_of("codes"), list=codes.name, value=code, kind=value.kind)


def _text(line: Line, value: Value, keyword: str) -> Iterator[Finding]:
    """A constant or default is a text of the message: it must be one that the field can hold."""
    text = line.word(keyword)
    if text is not None and value.codes is None and not value.converter and not _stands_for(value, text):
        yield fault("MAP143", line.place_of(keyword), text=text, path=value.model, problem=f"it is no {value.kind}")


def _stands_for(value: Value, text: str) -> bool:
    if value.kind == "position":
        return False
    usual = {"currency": NO_CURRENCY, "unit": "KGM"}  # which of them does not matter here
    try:
        understood(Value(0, value.row, value.key, "", kind=value.kind, date=value.date), text, usual, [])
    except Refused:
        return False
    return True


def _wants(line: Line, keyword: str, wanted: str) -> Finding:
    return fault("MAP128", line.place_of(keyword), keyword=keyword, wanted=wanted)
