"""The WCO id and name behind each row, from the dictionary of the model; the author's own comment stays behind it.

Where a field has several ids, the element's grammar says which one is meant; a shared block may mean several.

>>> remark(("145",))
'# WCO 145 Commodity Classification'
>>> behind("# WCO 145 Commodity Classification # six digits at least", ("145",))
'# WCO 145 Commodity Classification # six digits at least'
"""

import re
from collections.abc import Iterator, Mapping

from gateway.mapping.plan import Element, Plan, Ref, Value
from gateway.model.dictionary import FieldInfo, fields, records
from gateway.model.labels import wco_name

MOST = 2  # ids that are still told apart at a glance
_OURS = re.compile(r"# WCO (\S+) (.+?)(?: (#.*))?$")
_CLASS = re.compile(r"\d\d[A-Z]")  # ids of classes; ids of elements are those of a value


def remark(ids: tuple[str, ...]) -> str:
    """The comment for ids, empty where there is none to say."""
    named = [wco_id for wco_id in ids if wco_name(wco_id)]
    return f"# WCO {'/'.join(named)} {wco_name(named[0])}" if named and len(ids) <= MOST else ""


def behind(comment: str, ids: tuple[str, ...]) -> str:
    """A row's comment with our remark in front of the author's own."""
    return " ".join(filter(None, (remark(ids), own(comment))))


def own(comment: str) -> str:
    """What of a comment is the author's."""
    found = _OURS.fullmatch(comment)
    if found and remark(tuple(found[1].split("/"))) == f"# WCO {found[1]} {found[2]}":
        return found[3] or ""
    return comment


def wco_ids(plan: Plan) -> Mapping[int, tuple[str, ...]]:
    """By line of the table's own file: the ids of what its row carries."""
    found: dict[int, dict[str, None]] = {}
    for element in _elements(plan):
        nodes = [(slot, element.node) for slot in element.texts]
        nodes += [(slot, attribute.node) for attribute in element.attributes for slot in attribute.slots]
        for slot, node in nodes:
            value = plan.values[slot.value]
            if slot.role == "text" and value.row.file == plan.file and not value.implied:
                ids = _ids(plan, value, node.wco_id if node else "")
                found.setdefault(value.row.line, {}).update(dict.fromkeys(ids))
    return {line: tuple(ids) for line, ids in found.items()}


def _elements(plan: Plan) -> Iterator[Element]:
    waiting = [plan.document] if plan.document else []
    while waiting:
        element = waiting.pop()
        yield element
        waiting.extend(reversed(element.children))


def _ids(plan: Plan, value: Value, of_element: str) -> tuple[str, ...]:
    """The field's ids; of several that which the element has."""
    info = _field(plan, value.refs[0]) if value.refs else None
    known = info.wco if info else ()
    if of_element in known or not known:
        return (of_element,) if of_element else ()
    return tuple(wco_id for wco_id in known if not _CLASS.fullmatch(wco_id)) or known


def _field(plan: Plan, ref: Ref) -> FieldInfo | None:
    """What the dictionary says of the field that a row leads to."""
    record = records().get(plan.scopes[ref.scope].record)
    for hop in ref.hops:
        record = fields(record)[hop.names[0]].record if record else None
    return fields(record).get(ref.field) if record else None
