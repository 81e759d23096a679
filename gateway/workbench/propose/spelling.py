"""How a leaf is called: by its own name, with that of the element around it.

>>> spellings(("item", "unitWeight", "value"), ("item",))
(('unit', 'weight', 'value'), ('unit', 'weight'))
>>> spellings(("item", "address", "city"), ("item",))
(('city',), ('address', 'city'))
"""

from gateway.workbench.propose.names import GENERIC, PARTY
from gateway.workbench.propose.synonyms import spelt

Path = tuple[str, ...]
Spellings = tuple[tuple[str, ...], ...]
BARE = {"value", "amount", "text", "content"}  # of an element that is called by the one around it


def spellings(path: Path, block: Path = ()) -> Spellings:
    """The names of a leaf within a block; one that says nothing goes with the element around it only."""
    inner = path[len(block) :]
    own = spelt(inner[-1]) if inner else spelt(path[-1])
    around = spelt(inner[-2]) if len(inner) > 1 else ()
    plain = (own,) if set(around) <= PARTY | GENERIC or not set(own) <= GENERIC else ()
    bare = around and set(own) <= BARE
    return (*plain, *((around + own,) if around else ()), *((around,) if bare else ()))
