"""A scope's names as one record: nested constructors, written out from the same tree that the twin walks."""

from typing import TYPE_CHECKING, Any

from gateway.mapping.holders import Holder, Leaf
from gateway.model.dictionary import fields

if TYPE_CHECKING:
    from gateway.mapping.compiled.source import Source


def gather(compiler: Any, holder: Holder, where: tuple[tuple[str, str], ...]) -> str:
    """The expression that makes the record; statements it needs are written first."""
    return _Gatherer(compiler).record(holder, holder.record.__name__, where)


class _Gatherer:
    def __init__(self, compiler: Any) -> None:
        self.out: Source = compiler.source
        self.variables: dict[Leaf, str] = compiler.variables
        self.lists: dict[int, str] = compiler.lists
        self.certain: set[str] = compiler.certain
        self.whole: set[str] = compiler.whole

    def record(self, holder: Holder, name: str, where: tuple[tuple[str, str], ...] = ()) -> str:
        """A constructor with a condition: a record of which nothing was read is None."""
        said: dict[str, str] = {}
        present: list[str] = []
        for field, leaves in holder.leaves.items():
            said[field] = self.one(leaves)
            present.append(f"{said[field]} is not None")
        for field, leaves in holder.lists.items():
            names = [self.variables[leaf] for leaf in leaves]
            whole = len(names) == 1 and names[0] in self.whole
            said[field] = names[0] if whole else f"tuple({' + '.join(names)})"
            present += names
        for field, part in holder.parts.items():
            expression = self.record(part, f"{name} {field}")
            said[field] = self.named(f"{name} {field}", expression)
            present.append(f"{said[field]} is not None")
            if not expression.endswith(" else None"):
                self.certain.add(said[field])
        for field in dict.fromkeys([*holder.scopes, *holder.entries, *holder.columns]):
            if fields(holder.record)[field].kind == "map" or not self.known(holder, field):
                continue
            said[field] = self.listed(holder, field, name)
            present.append(said[field].removeprefix("tuple(").removesuffix(")"))
        for field in dict.fromkeys(
            [*holder.maps, *(f for f in holder.scopes if fields(holder.record)[f].kind == "map")]
        ):
            said[field] = self.map(holder, field)
            present.append(said[field])
        said |= {field: repr(text) for field, text in where}
        kind = self.out.refer(holder.record.__name__, holder.record)
        order = {field: at for at, field in enumerate(fields(holder.record))}
        said = dict(sorted(said.items(), key=lambda pair: order[pair[0]]))
        made = f"{kind}({', '.join(f'{field}={expression}' for field, expression in said.items())})"
        if any(each.removesuffix(" is not None") in self.certain for each in present):
            return made
        return f"{made} if {' or '.join(present)} else None" if present else "None if True else None"

    def known(self, holder: Holder, field: str) -> bool:
        """The list of units themselves is not part of a unit."""
        scopes = holder.scopes.get(field, [])
        return not scopes or any(scope in self.lists for scope in scopes) or field in holder.entries

    def named(self, wanted: str, expression: str) -> str:
        name = self.out.name(wanted)
        self.out.add(f"{name} = {expression}")
        return name

    def one(self, leaves: list[Leaf]) -> str:
        """One name; where several rows say the same field they must agree, of what code lists set along one counts."""
        names = [self.variables[leaf] for leaf in leaves]
        rows_agree = sum(not column for _, column in leaves) > 1
        for other in names[1:]:
            with self.out.block(f"if {names[0]} is None:"):
                self.out.add(f"{names[0]} = {other}")
            if rows_agree:
                with self.out.block(f"elif {other} is not None and {other} != {names[0]}:"):
                    self.out.add("return None")
        return names[0]

    def listed(self, holder: Holder, field: str, name: str) -> str:
        """Entries of blocks, then of single rows, then of columns."""
        blocks = [self.lists[scope] for scope in holder.scopes.get(field, []) if scope in self.lists]
        if blocks and field not in holder.entries and field not in holder.columns:
            return blocks[0] if blocks[0] in self.whole else f"tuple({blocks[0]})"
        found = self.named(f"{name} {field}", f"tuple({blocks[0]})" if blocks else "()")
        for where, one in holder.entries.get(field, {}).items():
            expression = self.record(one, f"{name} {field}", where)
            made, _, condition = expression.removesuffix(" else None").partition(" if ")
            with self.out.block(f"if {condition or True}:"):
                self.out.add(f"{found} += ({made},)")
        if field in holder.columns:
            column = holder.columns[field]
            lists = {inner: self.variables[leaves[0]] for inner, leaves in column.leaves.items()}
            function, kind = self.out.refer("COLUMNS", columns), self.out.refer(column.record.__name__, column.record)
            self.out.add(f"{found} += {function}({kind}, {', '.join(f'{k}={v}' for k, v in lists.items())})")
        return found

    def map(self, holder: Holder, field: str) -> str:
        scopes = [self.lists[scope] for scope in holder.scopes.get(field, []) if scope in self.lists]
        found = scopes[0] if scopes else self.named(field, "{}")
        for key, leaves in holder.maps.get(field, {}).items():
            name = self.one(leaves)
            with self.out.block(f"if {name} is not None:"):
                self.out.add(f"{found}[{key!r}] = {name}")
        return found


def columns(record: Any, **lists: list[Any]) -> tuple[Any, ...]:
    """Lists that belong together by number. Raises: ValueError where their lengths differ."""
    filled = {field: values for field, values in lists.items() if values}
    rows = zip(*filled.values(), strict=True)
    return tuple(record(**dict(zip(filled, row, strict=True))) for row in rows)
