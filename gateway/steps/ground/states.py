"""The states of everything the gateway works on, as data.

Six small machines, not one big one. A *file* is what was picked up; a *batch* a run of its items that one worker
takes; an *item* one message about one parcel; a *filing* one declaration of one parcel on one route; a *delivery* one
file sent; a *decision* what customs answered. Each knows only its own edges; what one means for another is said by the
step that walks both in one transaction.

An edge is a pair of states, the letters of those who may walk it (P pickup, T translate, A assemble, D deliver,
C collect, N answer, O operator) and whether it repeats by itself. `new` is the state before the row exists.
Every walk of an edge is part of one transaction that also writes one row of the audit trail; a pair that is not in the
table raises. Steps are level-triggered: they ask for rows in a state and walk an edge; a crash leaves rows in the state
before or after, never between, so the same step finds them again. The keys of the journal make the walk safe to
repeat.

What is *not* a state: customs' outcome (a fold over a filing's decisions, in whatever order they come), overdue,
oldest, unreachable (computed when asked).

>>> allowed("filing", "assembled", "lodged", "C")
True
>>> allowed("filing", "lodged", "assembled", "A")
False
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

WHO = {
    "P": "pickup",
    "T": "translate",
    "A": "assemble",
    "D": "deliver",
    "C": "collect",
    "N": "answer",
    "O": "operator",
}

NEW = "new"

TABLE = """
file      new                            sighted                                P    repeats
file      sighted                        fetching                               P
file      fetching                       received                               P
file      fetching                       sighted                                P    repeats
file      fetching                       suspect                                P
file      suspect                        received,refused                       O
file      received                       read,refused                           T
file      refused                        received                               O

batch     new                            due                                    T    repeats
batch     due                            claimed                                T
batch     claimed                        done,split                             T
batch     claimed                        due                                    T    repeats

item      new                            accepted,held,quarantined,repeat       T
item      held                           accepted                               O
item      accepted                       held                                   O
item      held,quarantined               accepted,held,quarantined,repeat       O
item      held,quarantined               returned                               O,N
item      accepted                       returned                               O,N
item      accepted,held                  superseded                             T
item      accepted,held                  cancelled                              T,O
item      accepted,returned              closed                                 N

filing    new                            waiting                                T,C,O
filing    new,waiting                    written,held                           T
filing    waiting                        joined                                 T
filing    held                           written                                O,T
filing    held                           waiting                                O
filing    written,joined                 waiting                                T,O
filing    waiting,held,written,joined    withdrawn                              T,O
filing    held                           withdrawn                              N
filing    written                        assembled                              A
filing    assembled                      written                                A,O
filing    assembled,joined               lodged                                 D,C
filing    lodged                         settled                                C,O
filing    settled                        lodged                                 C

delivery  new                            drafting                               A
delivery  drafting                       queued                                 A    repeats
delivery  queued                         sending                                D
delivery  sending                        queued                                 D    repeats
delivery  sending                        publishing                             D
delivery  publishing                     sent,unconfirmed,in_doubt,clash,queued D
delivery  unconfirmed,in_doubt           sent                                   C,O
delivery  queued                         sent                                   C
delivery  unconfirmed,in_doubt           queued                                 D,O
delivery  clash                          queued,dropped                         O
delivery  queued                         dropped                                O
delivery  sent                           acknowledged,refused                   C
delivery  sent                           queued                                 O

decision  new                            matched,parked                         C
decision  parked                         matched                                C    repeats
decision  parked                         unclaimed                              C
decision  parked,unclaimed               matched                                O
decision  matched                        answered,noted                         N
decision  matched                        noted                                  C
"""


class Edge(NamedTuple):
    """One way from state to state: who may walk it, and whether it repeats by itself."""

    machine: str
    frm: str
    to: str
    who: frozenset[str]
    repeats: bool


def _edges(table: str) -> Iterator[Edge]:
    """Lines that name the same pair (an operator may, a step may) join."""
    who: dict[tuple[str, str, str], set[str]] = {}
    repeating = set()
    for machine, sources, targets, letters, *rest in (line.split() for line in table.splitlines() if line):
        for pair in product([machine], sources.split(","), targets.split(",")):
            who.setdefault(pair, set()).update(letters.split(","))
            repeating.update([pair] if rest else [])
    for pair, may in who.items():
        yield Edge(*pair, frozenset(may), pair in repeating)


EDGES: dict[tuple[str, str, str], Edge] = {edge[:3]: edge for edge in _edges(TABLE)}
MACHINES: tuple[str, ...] = tuple(dict.fromkeys(edge.machine for edge in EDGES.values()))


def states(machine: str) -> tuple[str, ...]:
    """Every state of a machine, in the order of the table."""
    pairs = ((edge.frm, edge.to) for edge in EDGES.values() if edge.machine == machine)
    return tuple(dict.fromkeys(state for pair in pairs for state in pair))


def ends(machine: str) -> tuple[str, ...]:
    """The states that no edge leaves."""
    left = {edge.frm for edge in EDGES.values() if edge.machine == machine}
    return tuple(state for state in states(machine) if state not in left)


def allowed(machine: str, frm: str, to: str, who: str) -> bool:
    """Say whether `who` may walk from `frm` to `to`."""
    edge = EDGES.get((machine, frm, to))
    return edge is not None and who in edge.who
