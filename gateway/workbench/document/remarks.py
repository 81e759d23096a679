"""What else a row says of its value, in sentences: fixed values, checks, units, forms of dates, hints and notes."""

import inspect
from collections.abc import Callable, Iterator

from gateway.checks.converters import CONVERTERS
from gateway.checks.named import CHECKS
from gateway.mapping.plan import REST, Value
from gateway.workbench.document.line import Line
from gateway.workbench.document.words import Words


def remarks(line: Line, say: Words) -> Iterator[str]:
    """Every sentence about a line, the most important first."""
    if line.lists:
        yield say("one entry for each element")
    value = line.value
    if value is None:
        yield from _unsaid(line, say)
        return
    if line.role != "text":
        yield _beside(line, say)
        return
    for remark in _REMARKS:
        yield from remark(value, say)
    if line.field is not None and line.field.derived:
        yield say("computed by the gateway where it is not stated")


def explained(name: str) -> str:
    """What a named check does: the first paragraph of its docstring, a msgid."""
    return _first(CHECKS[name]) if name in CHECKS else ""


def converted(name: str) -> str:
    """What a named converter does, a msgid."""
    return _first(CONVERTERS[name].format) if name in CONVERTERS else ""


def _first(thing: object) -> str:
    return " ".join((inspect.getdoc(thing) or "").partition("\n\n")[0].split())


def _unsaid(line: Line, say: Words) -> Iterator[str]:
    """What a row without a value says."""
    if line.aside:
        yield say("left aside by the table on purpose")
    if line.note:
        yield say("Note: %(note)s", note=say(line.note))


def _beside(line: Line, say: Words) -> str:
    assert line.value is not None
    if line.role == "currency":
        return say("currency of the amount")
    if line.role == "unit":
        return say("unit of the quantity")
    return say("form of the date")


def _fixed(value: Value, say: Words) -> Iterator[str]:
    if value.constant is not None:
        yield say("always %(value)s", value=value.constant)
    if value.default is not None:
        yield say("where nothing is known, %(value)s is written", value=value.default)
    if value.kind == "position":
        yield say("running number of the element")


def _demanded(value: Value, say: Words) -> Iterator[str]:
    if value.required:
        yield say("without it the item is set aside")
    if value.when is not None:
        path = value.when.ref.path()
        if value.when.present:
            yield say("written only where %(path)s is given", path=path)
        else:
            yield say("written only where %(path)s is not given", path=path)


def _tested(value: Value, say: Words) -> Iterator[str]:
    if value.check:
        what = explained(value.check)
        yield say("check %(name)s: %(what)s", name=value.check, what=say(what) if what else "")
    if value.converter:
        what = converted(value.converter)
        yield say("converter %(name)s: %(what)s", name=value.converter, what=say(what) if what else "")


def _shaped(value: Value, say: Words) -> Iterator[str]:
    if value.unit and not _is_path(value.unit):
        yield say("in the unit %(unit)s", unit=value.unit)
    if value.currency and not _is_path(value.currency):
        yield say("in the currency %(currency)s", currency=value.currency)
    if value.date and not _is_path(value.date):
        yield say("date in the form %(form)s", form=value.date)
    if value.split:
        widths = ", ".join(say("the rest") if width == REST else str(width) for width in value.split)
        yield say("divided over several elements by width: %(widths)s", widths=widths)
    if value.none is not None:
        yield say("%(code)s means that there is none", code=value.none)
    if value.cut:
        yield say("longer values are cut to the width of the element")


def _told(value: Value, say: Words) -> Iterator[str]:
    if value.hint:
        yield say("Hint: %(hint)s", hint=say(value.hint))
    if value.note:
        yield say("Note: %(note)s", note=say(value.note))


def _is_path(text: str) -> bool:
    return text[:1] in {"@", ".", "/"}


_REMARKS: tuple[Callable[[Value, Words], Iterator[str]], ...] = (_fixed, _demanded, _tested, _shaped, _told)
