"""Text with holes: what a writer returns, one output line a source line."""

import msgspec


class Hole(msgspec.Struct, frozen=True):
    """An expression whose text goes here; it holds no double quotes."""

    code: str


Parts = tuple[str | Hole, ...]


class Fragment(msgspec.Struct):
    """A piece of output: what makes it worth writing, what must not be true when it is written.

    `certain` says that it stands wherever its parent does.
    """

    parts: Parts = ()
    weighs: tuple[str, ...] = ()
    demands: tuple[str, ...] = ()
    certain: bool = True


NOTHING = Fragment(certain=False)


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
                found.append(_literal(text + "\\n", formatted=formatted))
                text, formatted = "", False
            text += _escaped(piece)
    if text:
        found.append(_literal(text, formatted=formatted))
    return found or ['""']


def _literal(text: str, *, formatted: bool) -> str:
    quote = "'" if '"' in text and "'" not in text else '"'
    if not formatted:
        text = text.replace("{{", "{").replace("}}", "}")
    return f"{'f' if formatted else ''}{quote}{text.replace(quote, chr(92) + quote)}{quote}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("{", "{{").replace("}", "}}")
