"""XML as a tree: names with the prefixes that the table will use, attributes as `@name`; hostile input is refused.

>>> found = sample(b'<o xmlns="urn:x"><i n="1">a</i></o>')
>>> found.root.children[0].children[0].name, found.namespaces
('@n', {'': 'urn:x'})
"""

from collections import Counter

from lxml import etree

from gateway.workbench.propose.raw import DEEPEST, Raw, Sample

_ASIDE = ("http://www.w3.org/2001/XMLSchema-instance", "http://www.w3.org/XML/1998/namespace")


def sample(data: bytes) -> Sample:
    """The document's tree. Raises: ValueError where it is not well-formed or too deep."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as trouble:
        raise ValueError("not well-formed") from trouble
    prefixes = _prefixes(root)
    return Sample("xml", _raw(root, prefixes, 0), {prefix: uri for uri, prefix in prefixes.items() if uri})


def _prefixes(root: etree._Element) -> dict[str, str]:
    """Every namespace with its prefix: none for elements without one, else for the most used."""
    used: Counter[str] = Counter()
    own: dict[str, str] = {}
    for element in root.iter():
        uri = etree.QName(element).namespace or ""
        used[uri] += 1
        own.setdefault(uri, element.prefix or "")
    plain = "" if "" in used else max(sorted(used), key=used.__getitem__)
    taken: dict[str, str] = {plain: ""}
    for number, uri in enumerate(sorted(set(used) - {plain}), 1):
        wanted = own[uri]
        taken[uri] = wanted if wanted and wanted not in taken.values() else f"n{number}"
    return taken


def _raw(element: etree._Element, prefixes: dict[str, str], depth: int) -> Raw:
    if depth > DEEPEST:
        raise ValueError("too deep")
    attributes = (
        Raw(f"@{name.localname}", value)
        for name, value in ((etree.QName(key), str(value)) for key, value in element.attrib.items())
        if name.namespace is None or name.namespace not in _ASIDE
    )
    return Raw(
        _named(element, prefixes),
        (element.text or "") + "".join(child.tail or "" for child in element),
        (*attributes, *(_raw(child, prefixes, depth + 1) for child in element)),
    )


def _named(element: etree._Element, prefixes: dict[str, str]) -> str:
    name = etree.QName(element)
    prefix = prefixes[name.namespace or ""]
    return f"{prefix}:{name.localname}" if prefix else name.localname
