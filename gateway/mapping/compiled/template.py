"""Text with holes: what a writer returns, one output line a source line."""

import msgspec


class Hole(msgspec.Struct, frozen=True):
    """An expression whose text goes here."""

    code: str


Parts = tuple[str | Hole, ...]


def lines(parts: Parts) -> list[str]:
    """The parts as literals of Python, broken behind each line end."""
    found: list[str] = []
    text, formatted = "", False
    for part in parts:
        if isinstance(part, Hole):
            text, formatted = text + "{" + part.code + "}", True
            continue
        for at, piece in enumerate(part.split("\n")):
            if at:
                found.append(_literal(text + "\\n", formatted))
                text, formatted = "", False
            text += _escaped(piece)
    if text:
        found.append(_literal(text, formatted))
    return found or ["''"]


def _literal(text: str, formatted: bool) -> str:
    quote = "'" if '"' in text and "'" not in text else '"'
    if not formatted:
        text = text.replace("{{", "{").replace("}}", "}")
    return f"{'f' if formatted else ''}{quote}{text.replace(quote, chr(92) + quote)}{quote}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("{", "{{").replace("}", "}}")
