"""YAML texts: plain where YAML takes them for the same text, quoted else.

>>> [quoted(text) for text in ("a/b", "communications[type=TE].value", "0020", "NO", "@id", "")]
['a/b', '"communications[type=TE].value"', '"0020"', '"NO"', '"@id"', '""']
"""

import re

_PLAIN = re.compile(r"(?:\w|\.(?=[./]|$))[\w./:+| -]*")
_OTHERWISE = re.compile(r"[\d.+-]+|true|false|null|yes|no|on|off|y|n", re.IGNORECASE)


def quoted(text: str) -> str:
    ambiguous = _OTHERWISE.fullmatch(text) and set(text) != {"."}
    if _PLAIN.fullmatch(text) and not ambiguous and ": " not in text and text == text.strip() and text[-1] != ":":
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
