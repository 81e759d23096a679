"""The proof: every item received is in exactly one place, every filing has one LRN and travels once.

Each rule is a query for what breaks it. A rule's rows name the subject that is out of balance and the file it came
from. Nothing here repairs anything: a row found is a fault of the gateway, and a person looks at it.
"""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, bindparam, func, select, text

from gateway.journal.schema import METADATA, file

MACHINES = ("file", "batch", "item", "filing", "delivery", "decision")
SHOWN = 20


class Rule(NamedTuple):
    """What must hold, and the query for what does not: columns `id` and `file`."""

    name: str
    holds: str
    broken: str


RULES = (
    Rule(
        "file.items",
        "a file that is read has as many items as were counted in its bytes",
        """select f.id, f.id as file from file f left join item i on i.file = f.id
           where f.state = 'read' group by f.id, f.items
           having count(i.id) <> coalesce(f.items, -1) - (
               select coalesce(sum(r.items), 0) from interchange r where r.file = f.id and r.repeat_of is not null
               and not exists (select 1 from batch b where b.file = r.file and b.interchange = r.id))""",
    ),
    Rule(
        "file.work",
        "a file that is read has no batch left to do",
        """select b.id, b.file from batch b join file f on f.id = b.file
           where f.state = 'read' and b.state in ('due', 'claimed')""",
    ),
    Rule(
        "file.bytes",
        "a file that was received has its bytes",
        "select f.id, f.id as file from file f where f.state in ('received', 'read', 'refused') and f.blob is null",
    ),
    Rule(
        "batch.items",
        "a batch that is done has all its items, one that is due, claimed or split has none",
        """select b.id, b.file from batch b left join item i on i.batch = b.id
           group by b.id, b.file, b.state, b.items
           having count(i.id) <>
               case when b.state = 'done' or b.state = 'split' and b.items = 1 then b.items else 0 end""",
    ),
    Rule(
        "item.file",
        "an item comes from a file that was received",
        """select i.id, i.file from item i left join file f on f.id = i.file
           where f.id is null or f.state not in ('received', 'read')""",
    ),
    Rule(
        "item.finding",
        "an item that is held or quarantined says why",
        """select i.id, i.file from item i where i.state in ('held', 'quarantined')
           and not exists (select 1 from finding n where n.subject = i.id)""",
    ),
    Rule(
        "item.filing",
        "an accepted parcel is filed, unless its route keeps it for others",
        """select i.id, i.file from item i
           where i.state in ('accepted', 'closed') and i.kind = 'consignment' and not i.kept
           and not exists (select 1 from filing f where f.dossier = i.dossier and f.state <> 'withdrawn')
           and not exists (select 1 from finding n left join filing g on g.id = n.subject
                           where (n.subject = i.id or g.item = i.id) and n.severity = 'error'
                           and n.waived_by is null and i.state = 'closed')""",
    ),
    Rule(
        "item.decision",
        "an accepted answer of customs is a decision",
        """select i.id, i.file from item i where i.state in ('accepted', 'closed') and i.kind = 'decision'
           and not exists (select 1 from decision d where d.item = i.id)""",
    ),
    Rule(
        "filing.lrn",
        "no LRN is given twice",
        """select f.id, i.file from filing f left join item i on i.id = f.item where exists (
               select 1 from filing g where g.lrn = f.lrn and g.environment = f.environment and g.id <> f.id)""",
    ),
    Rule(
        "filing.once",
        "a parcel has one live declaration a route that no other replaces, and one request of a kind about it",
        """select max(f.id) as id, max(i.file) as file from filing f left join item i on i.id = f.item
           where f.state in ('waiting', 'written', 'joined', 'assembled', 'lodged')
           and (f.about is null or f.state <> 'waiting')
           and not exists (select 1 from filing g where g.replaces = f.id and g.state <> 'withdrawn')
           group by f.dossier, f.route, f.purpose, f.about having count(*) > 1""",
    ),
    Rule(
        "filing.about",
        "a request is about a declaration of the same parcel, on the same route, that customs has been sent",
        """select f.id, i.file from filing f left join item i on i.id = f.item left join filing a on a.id = f.about
           where (f.purpose = 'declare') <> (f.about is null)
           or a.purpose <> 'declare' or a.dossier <> f.dossier or a.route <> f.route or a.environment <> f.environment
           or (f.state in ('written', 'assembled', 'lodged', 'settled')
               and a.state not in ('assembled', 'lodged', 'settled'))""",
    ),
    Rule(
        "filing.payload",
        "a filing that is written or travels has its bytes",
        """select f.id, i.file from filing f left join item i on i.id = f.item
           where f.state in ('written', 'joined', 'assembled', 'lodged', 'settled') and f.payload_blob is null""",
    ),
    Rule(
        "filing.delivery",
        "a filing travels in one delivery that is not dropped, from assembly on",
        """select f.id, i.file from filing f left join item i on i.id = f.item left join delivery d on d.id = f.delivery
           left join filing l on l.id = f.lead
           where case when case f.state when 'joined' then l.state else f.state end
                           in ('assembled', 'lodged', 'settled')
                      then d.id is null or d.state = 'dropped'
                      else d.id is not null and d.state <> 'dropped' end""",
    ),
    Rule(
        "filing.bytes",
        "the bytes of a filing are in one delivery that is not dropped, from assembly on",
        """select f.id, i.file from filing f left join item i on i.id = f.item
           left join delivery_part p on p.blob = f.payload_blob and p."offset" = f.payload_offset
           left join delivery d on d.id = p.delivery and d.state <> 'dropped' left join filing l on l.id = f.lead
           left join delivery e on e.id = f.delivery and e.units is not null and e.state <> 'dropped'
           where f.payload_blob is not null group by f.id, i.file, f.state, l.state, e.id
           having count(d.id) + case when e.id is null then 0 else 1 end
                  <> case when case f.state when 'joined' then l.state else f.state end
                               in ('assembled', 'lodged', 'settled') then 1 else 0 end""",
    ),
    Rule(
        "filing.lodged",
        "what is lodged was sent, or customs has answered it",
        """select f.id, i.file from filing f left join item i on i.id = f.item join delivery d on d.id = f.delivery
           where f.state in ('lodged', 'settled') and d.state not in ('sent', 'acknowledged', 'refused')
           and not exists (select 1 from decision c where c.filing in (f.id, f.lead))""",
    ),
    Rule(
        "delivery.lodged",
        "what was sent is lodged",
        """select f.id, i.file from filing f left join item i on i.id = f.item join delivery d on d.id = f.delivery
           where f.state in ('assembled', 'joined') and d.state in ('sent', 'acknowledged')""",
    ),
    Rule(
        "filing.lead",
        "a parcel in the declaration of another stands in its bytes, and is where it is",
        """select f.id, i.file from filing f left join item i on i.id = f.item left join filing l on l.id = f.lead
           where case when f.lead is null then f.state = 'joined'
                      when f.lead = f.id then f.state in ('waiting', 'joined', 'held', 'withdrawn')
                      else l.lead is null or l.lead <> l.id or f.route <> l.route or f.environment <> l.environment
                           or f.payload_blob <> l.payload_blob or f.payload_offset <> l.payload_offset
                           or (f.state = 'joined') <> (l.state in ('written', 'assembled'))
                           or (f.state in ('lodged', 'settled')) <> (l.state in ('lodged', 'settled')) end""",
    ),
    Rule(
        "filing.place",
        "the goods items of a declaration are of one parcel each, or all of them of all parcels",
        """select id, file from (
               select f.id, i.file, f.place, f.goods, max(f.place + f.goods) over (partition by f.lead) - 1 as whole,
                   coalesce(lag(f.place + f.goods) over (partition by f.lead order by f.place, f.goods), 1) as free
               from filing f left join item i on i.id = f.item where f.lead is not null) as stands
           where place <> free and not (place = 1 and goods = whole)""",
    ),
    Rule(
        "delivery.units",
        "an envelope holds as many messages as were put into it",
        """select d.id, null as file from delivery d where d.units is not null and d.state <> 'dropped'
           and d.units <> (select count(*) from filing f where f.delivery = d.id and (f.lead is null or f.lead = f.id))
                          + (select count(*) from answer a where a.delivery = d.id)""",
    ),
    Rule(
        "delivery.number",
        "control references have no gap: each number of a counter is a delivery's, or was said to be void",
        """select c.connection || ' ' || c.kind as id, null as file from counter c
           where c.next - 1 <> (
               select count(*) from delivery d where d.connection = c.connection and d.environment = c.environment
               and d.kind = c.kind and d.control_reference is not null) + (
               select coalesce(sum(v.last - v.first + 1), 0) from void_number v where v.connection = c.connection
               and v.environment = c.environment and v.kind = c.kind)""",
    ),
    Rule(
        "delivery.size",
        "a delivery that is queued or beyond is as long as its parts",
        """select d.id, null as file from delivery d left join delivery_part p on p.delivery = d.id
           where d.state not in ('drafting', 'dropped') group by d.id, d.size
           having coalesce(sum(p.length), 0) <> coalesce(d.size, -1)""",
    ),
    Rule(
        "decision.filing",
        "a decision has its filing, or waits for it",
        """select d.id, i.file from decision d left join item i on i.id = d.item
           where (d.filing is null) <> (d.state in ('parked', 'unclaimed'))""",
    ),
    Rule(
        "answer.delivery",
        "an answer does not travel in a dropped delivery",
        """select a.id, i.file from answer a left join item i on i.id = a.item join delivery d on d.id = a.delivery
           where d.state = 'dropped'""",
    ),
)


class Violation(msgspec.Struct, frozen=True):
    """A rule that does not hold: how often, and the first ids."""

    rule: str
    holds: str
    count: int
    ids: tuple[str, ...]


class FileCount(msgspec.Struct, frozen=True):
    """One file: its state, the items counted in its bytes, its items by state."""

    id: str
    state: str
    counted: int | None
    items: Mapping[str, int]


class Balance(msgspec.Struct, frozen=True):
    """Where everything is, and what is out of balance."""

    counts: Mapping[str, Mapping[str, int]]
    files: tuple[FileCount, ...]
    violations: tuple[Violation, ...]

    @property
    def ok(self) -> bool:
        return not self.violations


def balance(conn: Connection, only: str | None = None) -> Balance:
    """Count and check the whole journal, or what came in one file."""
    broken = (_check(conn, rule, only) for rule in RULES)
    return Balance(
        counts={machine: _by_state(conn, machine) for machine in MACHINES},
        files=tuple(_files(conn, only)),
        violations=tuple(violation for violation in broken if violation.count),
    )


def _check(conn: Connection, rule: Rule, only: str | None) -> Violation:
    query = f"select id from ({rule.broken}) as broken"  # noqa: S608 - our own table of queries
    found = text(query + (" where file = :file" if only else "") + " order by id")
    ids = conn.scalars(found, {"file": only} if only else {}).all()
    return Violation(rule.name, rule.holds, len(ids), tuple(ids[:SHOWN]))


def _by_state(conn: Connection, machine: str) -> dict[str, int]:
    state = METADATA.tables[machine].c.state
    return {row[0]: row[1] for row in conn.execute(select(state, func.count()).group_by(state).order_by(state))}


def _files(conn: Connection, only: str | None) -> list[FileCount]:
    item = METADATA.tables["item"]
    wanted = file.c.id == bindparam("only", only) if only else file.c.id.is_not(None)
    by_file: dict[str, dict[str, int]] = {}
    grouped = select(item.c.file, item.c.state, func.count()).group_by(item.c.file, item.c.state)
    for ulid, state, count in conn.execute(grouped.where(item.c.file == only) if only else grouped):
        by_file.setdefault(ulid, {})[state] = count
    rows = conn.execute(select(file.c.id, file.c.state, file.c["items"]).where(wanted).order_by(file.c.id))
    return [FileCount(ulid, state, items, by_file.get(ulid, {})) for ulid, state, items in rows]
