"""The declarations of an XML Schema and of what it includes and imports, by name (W3C XML Schema 1.0 part 1 §3).

Only files beside the schema are read; nothing is fetched. Facts are looked up when they are asked for: schemas of
customs are large, and their types hold themselves.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from lxml import etree

XS = "{http://www.w3.org/2001/XMLSchema}"
_NAMED = ("element", "complexType", "simpleType", "group", "attribute", "attributeGroup")
_BLOCKS = ("sequence", "choice", "all")


class SchemaUnreadable(ValueError):
    """A schema that is no XML, or refers to what is not beside it."""


class Particle(msgspec.Struct, frozen=True):
    """One element where it stands: its declaration and how often it may stand there; `most` None is without bound.

    `declaration` is None for `xs:any`: some element of another schema.
    """

    declaration: Any
    least: int
    most: int | None


class Declarations:
    """Everything that a schema names."""

    def __init__(self, path: Path) -> None:
        self.known: dict[tuple[str, str], Any] = {}
        self.namespaces: dict[Any, str] = {}
        self.read: set[Path] = set()
        self.roots = self._load(path.resolve(), None)

    def _load(self, path: Path, namespace: str | None) -> list[Any]:
        """The top elements of a file. Raises: SchemaUnreadable."""
        self.read.add(path)
        try:
            root = etree.parse(path, etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
        except (OSError, etree.XMLSyntaxError) as trouble:
            raise SchemaUnreadable(f"{path.name}: {trouble}") from trouble
        own = root.get("targetNamespace") or namespace or ""
        for child in root:
            if child.tag in {f"{XS}include", f"{XS}import", f"{XS}redefine"} and child.get("schemaLocation"):
                other = (path.parent / child.get("schemaLocation", "")).resolve()
                if other not in self.read and other.is_file():
                    self._load(other, own if child.tag != f"{XS}import" else None)
            elif child.tag in {f"{XS}{kind}" for kind in _NAMED}:
                self.known[child.tag.removeprefix(XS), f"{{{own}}}{child.get('name')}"] = child
        return [child for child in root if child.tag == f"{XS}element"]

    def named(self, kind: str, node: Any, said: str) -> Any:
        """The declaration that a reference means; None for a type of XML Schema itself. Raises: SchemaUnreadable."""
        prefix, _, local = said.rpartition(":")
        namespace = node.nsmap.get(prefix or None) or ""
        if f"{{{namespace}}}" == XS:
            return None
        for name in (f"{{{namespace}}}{local}", *(f"{{{other}}}{local}" for other in ("",) if not prefix)):
            if (kind, name) in self.known:
                return self.known[kind, name]
        raise SchemaUnreadable(f"no {kind} {said}")

    def type_of(self, node: Any) -> Any:
        """The type of an element or attribute; None for one of XML Schema itself."""
        inline = node.find(f"{XS}complexType")
        if inline is None:
            inline = node.find(f"{XS}simpleType")
        said = node.get("type")
        return inline if inline is not None or not said else self.either(node, said)

    def either(self, node: Any, said: str) -> Any:
        """A complex type of that name, else a simple one."""
        try:
            return self.named("complexType", node, said)
        except SchemaUnreadable:
            return self.named("simpleType", node, said)

    def particles(self, kind: Any) -> Iterator[Particle]:
        """The elements of a type, in order."""
        if kind is None or kind.tag != f"{XS}complexType":
            return
        derived = kind.find(f"{XS}complexContent/{XS}extension")
        if derived is not None:
            yield from self.particles(self.either(derived, derived.get("base")))
        content = derived if derived is not None else kind.find(f"{XS}complexContent/{XS}restriction")
        for child in content if content is not None else kind:
            yield from self._particles(child, 1, 1)

    def _particles(self, node: Any, least: int, most: int | None) -> Iterator[Particle]:
        """A part of a content model; in a choice of several nothing must stand."""
        low, high = int(node.get("minOccurs", 1)), node.get("maxOccurs", "1")
        least = least * low
        most = None if high == "unbounded" or most is None else most * int(high)
        local = node.tag.removeprefix(XS) if isinstance(node.tag, str) else ""
        if local == "element":
            said = node.get("ref")
            yield Particle(self.named("element", node, said) if said else node, least, most)
        elif local == "any":
            yield Particle(None, least, most)
        elif local in _BLOCKS:
            free = local == "choice" and len(node) > 1
            for child in node:
                yield from self._particles(child, 0 if free else least, most)
        elif local == "group" and node.get("ref"):
            for child in self.named("group", node, node.get("ref")):
                yield from self._particles(child, least, most)

    def attributes(self, kind: Any) -> Iterator[tuple[Any, bool]]:
        """The attributes of a type, each with whether it must stand; those of what it is derived from last."""
        seen: set[str] = set()
        while kind is not None and kind.tag == f"{XS}complexType":
            derived = next(kind.iterfind(f"*/{XS}extension"), None)
            derived = derived if derived is not None else next(kind.iterfind(f"*/{XS}restriction"), None)
            for node in derived if derived is not None else kind:
                for attribute in self._attributes(node):
                    name = attribute.get("name") or attribute.get("ref", "").rpartition(":")[2]
                    if name not in seen and attribute.get("use") != "prohibited":
                        yield attribute, attribute.get("use") == "required"
                    seen.add(name)
            kind = self.either(derived, derived.get("base")) if derived is not None else None

    def _attributes(self, node: Any) -> Iterator[Any]:
        if node.tag == f"{XS}attribute":
            yield node
        elif node.tag == f"{XS}attributeGroup":
            yield from self.named("attributeGroup", node, node.get("ref")).iter(f"{XS}attribute")

    def chain(self, kind: Any) -> Iterator[Any]:
        """The restrictions and extensions of simple content, from the type itself to the built-in one."""
        while kind is not None:
            found = kind.find(f".//{XS}restriction")
            if found is None:
                found = kind.find(f".//{XS}extension")
            if found is None:
                return
            yield found
            kind = self.either(found, found.get("base")) if found.get("base") else found.find(f"{XS}simpleType")
