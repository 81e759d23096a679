"""Values as text in compiled writers: the statements that make the text of one value."""

from gateway.checks.converters import CONVERTERS
from gateway.mapping.compiled.fitness import unfit_number, unfit_text
from gateway.mapping.compiled.inscribe import Uncompiled, moment_form, moment_text
from gateway.mapping.compiled.views import BAD, Views
from gateway.mapping.grammar import Node
from gateway.mapping.markup import SPECIAL, escaped
from gateway.mapping.plan import BESIDE, REST, Plan, Value


class Expressions(Views):
    """What turns a name into the name of its text."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.forms: dict[int, tuple[str, tuple[str, ...]]] = {}  # by value: the name of its date form, those known

    def expression(self, value: Value, node: Node | None, name: str) -> str:
        """Statements that make the text of a value that is there, and the name of the text."""
        known = ((), ("currency",), ("date",) if value.number in self.forms else ())
        if value.none is not None or value.beside not in known:
            raise Uncompiled(value.key)
        if value.converter:
            return self.converted(value, node, name)
        if value.codes is not None and value.kind in BESIDE:
            raise Uncompiled(value.key)
        if value.codes is not None:
            codes = {model: escaped(code) for model, code in value.codes.written.items()}
            return self.checked(f"{self.source.refer(f'WRITTEN_{value.codes.name}', codes)}[{name}]", node)
        if value.kind in {"number", "measure", "amount"}:
            return self.number(value, node, name)
        if value.kind == "moment":
            return self.moment(value, node, name)
        if value.kind == "flag":
            return self.flag(node, name)
        return self.checked(f"str({name})" if value.kind == "count" else name, node, number=value.kind == "count")

    def checked(self, code: str, node: Node | None, *, number: bool = False) -> str:
        self.source.add(f"text = {code}")
        self.refuse((unfit_number if number else unfit_text)(self.source, "text", node))
        return "text"

    def moment(self, value: Value, node: Node | None, name: str) -> str:
        """In the form that the row says, or in one that the message knows: then its attribute says which."""
        if value.number not in self.forms:
            function = self.source.refer("MOMENT_TEXT", moment_text)
            return self.checked(f"{function}({name}, {value.date or 'iso'!r})", node)
        form, forms = self.forms[value.number]
        self.source.add(f"{form}, text = {self.source.refer('MOMENT_FORM', moment_form)}({name}, {forms!r})")
        self.refuse(unfit_text(self.source, "text", node))
        return "text"

    def converted(self, value: Value, node: Node | None, name: str) -> str:
        """A converter of lists is safe on texts that are escaped before; others are the twin's."""
        converter = CONVERTERS[value.converter]
        if not converter.is_list or value.beside:
            raise Uncompiled(value.key)
        return self.checked(f"{self.source.refer(f'WRITE_{converter.name}', converter.format)}({name}, '')", node)

    def number(self, value: Value, node: Node | None, name: str) -> str:
        if value.kind == "measure":
            self.refuse([f"{name}.unit != {value.unit!r}"])
        elif value.kind == "amount" and value.currency:
            self.refuse([f"{name}.currency != {value.currency!r}"])
        elif value.kind == "amount":
            self.refuse([f"len({name}.currency) != 3", f"not {name}.currency.isalpha()"])
        inner = {"measure": f"{name}.value", "amount": f"{name}.amount", "number": name}[value.kind]
        return self.checked(f"str({inner})", node, number=True)

    def flag(self, node: Node | None, name: str) -> str:
        """The first words of the grammar's list that say it, else `true` and `false`."""
        listed = node.values if node and node.values else ("true", "false")
        true = next((word for word in listed if word in {"1", "true"}), None)
        false = next((word for word in listed if word in {"0", "false"}), None)
        if true is None or false is None:
            raise Uncompiled(name)
        self.source.add(f"text = {true!r} if {name} else {false!r}")
        return "text"

    def apart(self, value: Value) -> list[str]:
        """The names of the pieces of a text that is taken apart by widths."""
        if value.kind != "text" or value.converter or value.codes or not value.split or value.default or value.listed:
            raise Uncompiled(value.key)
        out, name, at = self.source, self.name(value), 0
        count = value.pieces[0]
        widths = (*value.split, *(REST,) * count)[:count]
        if REST in widths[:-1]:
            raise Uncompiled(value.key)
        names = [out.name(f"{name} {number}") for number in range(1, count + 1)]
        with out.block(f"if not {name}:"):
            out.add(" = ".join([*names, '""']))
        longest = "" if REST in widths else f"len({name}) > {sum(widths)} or "
        with out.block(f"elif {longest}{out.refer('SPECIAL', SPECIAL.search)}({name}) or not {name}.isprintable():"):
            out.add(BAD)
        with out.block("else:"):
            for fresh, width in zip(names, widths, strict=True):
                stop = "" if width == REST else str(at + width)
                out.add(f"{fresh} = {name}[{at or ''}:{stop}]")
                at += width
        return names
