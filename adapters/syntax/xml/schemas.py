"""Official schemas (W3C XML Schema 1.0): compiled from bytes in hand, and what they say of a text.

libxml2 asks for the schemas that another names; it is given those in hand and nothing else: no disk, no network, no
DTD. One trap of published sets is read around, in memory only, so that the files stay as published: names with blanks
or other capitals than the reference, which libxml2 cannot resolve. Another is told in words that help: an `include` of
a schema that has a namespace of its own (§4.2.1 forbids it, libxml2 says something else about it).
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote

from lxml import etree

from adapters.syntax.xml.breaches import breaches
from adapters.syntax.xml.parse import hardened
from gateway.findings import Finding, Position
from gateway.findings.catalogue import entry
from gateway.mapping.protocols import Breach, Compiled

XSD = "{http://www.w3.org/2001/XMLSchema}"
NAMING = frozenset(f"{XSD}{name}" for name in ("include", "import", "redefine"))
HERE = "schema:/"  # where the bytes in hand seem to lie
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|/|\\")


class XmlSchema:
    """A compiled schema."""

    def __init__(self, compiled: etree.XMLSchema) -> None:
        self._compiled, self._parser = compiled, hardened()

    def breaches(self, text: bytes) -> tuple[Breach, ...]:
        return breaches(etree.fromstring(text, self._parser), self._compiled)


def compiled(files: Mapping[str, bytes], root: str) -> Compiled:
    """The schema that begins with `root`, made of what it names in turn."""
    parts = _Parts(files)
    parts.take(root)
    found = tuple(parts.findings)
    if any(one.severity == "error" for one in found):
        return Compiled(None, (), found)
    try:
        made = XmlSchema(etree.XMLSchema(etree.fromstring(parts.texts[root], parts.parser(), base_url=_url(root))))
    except etree.XMLSchemaParseError as error:
        return Compiled(None, (), (*found, *_broken(error, root)))
    return Compiled(made, tuple(parts.texts), found)


def beginnings(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """The schemas that no other one names: where a set may begin."""
    named = {other for name in files for other in _Parts(files).named(name)}
    return tuple(name for name in files if name not in named)


class _Parts:
    """The schemas that one is made of, ready for libxml2: as published, but for what it cannot read."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.known = {_plain(name): name for name in files}
        self.texts: dict[str, bytes] = {}
        self.findings: list[Finding] = []

    def parser(self) -> etree.XMLParser:
        parser = hardened()
        parser.resolvers.add(_Resolver(self.texts))
        return parser

    def take(self, name: str) -> None:
        """This schema, then those that it names in turn: a chain of them may be of any length."""
        ahead = [name]
        while ahead:
            one = ahead.pop()
            if one not in self.texts:
                ahead += reversed(self.taken(one))

    def taken(self, name: str) -> list[str]:
        """This schema; gives those that it names."""
        root = self.parsed(name)
        if root is None:
            return []
        self.texts[name] = self.files[name]
        before = etree.tostring(root)
        wanted = [self.read_around(name, root, one) for one in _references(root)]
        if etree.tostring(root) != before:
            self.texts[name] = etree.tostring(root)
        return [other for other in wanted if other is not None]

    def named(self, name: str) -> Iterator[str]:
        """The schemas that this one names, as far as they are in hand."""
        root = self.parsed(name)
        for one in _references(root) if root is not None else ():
            found = self.known.get(_plain(_resolved(name, one.get("schemaLocation", ""))))
            if found is not None and found != name:
                yield found

    def parsed(self, name: str) -> etree._Element | None:
        """The schema element of a file; a DTD is refused, and with it every entity."""
        try:
            root = etree.fromstring(self.files[name], hardened())
        except etree.XMLSyntaxError as error:
            self.findings.append(_fault(name, error.lineno, str(error)))
            return None
        if root.getroottree().docinfo.internalDTD is not None:
            self.findings.append(_fault(name, 1, "a document type declaration (DOCTYPE) is not allowed"))
        elif root.tag != f"{XSD}schema":
            self.findings.append(_fault(name, root.sourceline, "this is no XML Schema"))
        else:
            return root
        return None

    def read_around(self, name: str, root: etree._Element, one: Any) -> str | None:
        """The schema that a reference means; the reference is put right where libxml2 could not follow it."""
        location = one.get("schemaLocation", "")
        resolved = _resolved(name, location)
        if _ELSEWHERE.match(location) or resolved.startswith(".."):
            self.tell("CFG131", name, one, location=location)
            return None
        found = resolved if resolved in self.files else self.known.get(_plain(resolved))
        if found is None:
            self.tell("CFG132", name, one, location=location)
            return None
        if found != resolved or " " in location:
            self.tell("CFG133", name, one, location=location, name=found)
            one.set("schemaLocation", _url(found))
        other = self.parsed(found)
        space = other.get("targetNamespace", "") if other is not None else ""
        if one.tag == f"{XSD}include" and space not in {"", root.get("targetNamespace", "")}:
            self.tell("CFG134", name, one, location=location, namespace=space)
        return found

    def tell(self, code: str, file: str, one: Any, **values: str) -> None:
        at = Position(file, one.sourceline)
        self.findings.append(Finding(code, entry(code).severity, values, source=at))


class _Resolver(etree.Resolver):
    """Gives libxml2 the schemas in hand."""

    def __init__(self, texts: Mapping[str, bytes]) -> None:
        self.texts = texts

    def resolve(self, system_url: str, public_id: str, *context: object) -> Any:  # noqa: ARG002 - lxml's signature
        name = _name(system_url)
        return self.resolve_string(self.texts.get(name, b""), *context, base_url=_url(name))


def _references(root: etree._Element) -> Iterator[Any]:
    return (one for one in root.iterchildren(*NAMING) if one.get("schemaLocation"))


def _resolved(name: str, location: str) -> str:
    """`customs/wrapper.xsd` + `../wco/DEC.xsd` → `wco/DEC.xsd`; percent signs stand for what they mean."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(location)))


def _plain(name: str) -> str:
    """Published names differ from references in capitals, and in blanks for underscores."""
    return name.casefold().replace(" ", "_")


def _url(name: str) -> str:
    return HERE + quote(name)


def _name(url: str) -> str:
    return unquote(url.removeprefix(HERE))


def _broken(error: Any, root: str) -> Iterator[Finding]:
    """What libxml2 says, with the file and line it names."""
    said = dict.fromkeys((_name(one.filename or root), one.line, one.message) for one in error.error_log)
    yield from (_fault(*one) for one in said) if said else (_fault(root, None, str(error)),)


def _fault(name: str, line: Any, problem: str) -> Finding:
    return Finding("CFG130", values={"problem": " ".join(problem.split())}, source=Position(name, line))
