"""What must hold between partners: names, mailboxes, identifiers, complete rules."""

from collections.abc import Iterator

from gateway.findings import Finding
from gateway.settings.connection import receives_of, sends_of
from gateway.settings.draft import Draft
from gateway.settings.faults import nearest
from gateway.settings.filer import read_record
from gateway.settings.keeping import OwnRetention
from gateway.settings.partner import Partner


def names_fit_files(draft: Draft) -> Iterator[Finding]:
    for stem, partner in draft.partners.items():
        if partner.partner != stem:
            yield draft.files[stem].finding("CFG115", ("partner",), name=partner.partner, file=f"{stem}.yaml")


def partners_are_reached(draft: Draft) -> Iterator[Finding]:
    """By own connections or by a mailbox, not by both, not by none."""
    for name, partner in draft.partners.items():
        if bool(partner.connections) == bool(partner.via):
            yield draft.files[name].finding("CFG116", ("via",) if partner.via else (), name=name)


def mailboxes_agree(draft: Draft) -> Iterator[Finding]:
    """`via` and `carries` name each other."""
    for name, partner in draft.partners.items():
        file = draft.files[name]
        if partner.via and partner.via not in draft.files:
            yield file.finding("CFG117", ("via",), name=partner.via, nearest=nearest(partner.via, draft.files))
        elif partner.via and not draft.at_fault(partner.via) and not any(draft.lines(name)):
            yield file.finding("CFG118", ("via",), mailbox=partner.via, name=name)
        for label, line in partner.connections.items():
            for at, carried in enumerate(line.carries):
                place = ("connections", label, "carries", at)
                if carried not in draft.files:
                    yield file.finding("CFG117", place, name=carried, nearest=nearest(carried, draft.files))
                elif not draft.at_fault(carried) and draft.partners[carried].via != name:
                    yield file.finding("CFG119", place, mailbox=name, name=carried)


def party_ids_are_unique(draft: Draft) -> Iterator[Finding]:
    """A header's identifier leads to one partner."""
    owners: dict[tuple[str, str], str] = {}
    for name, partner in draft.partners.items():
        for scheme, value in partner.party.ids.items():
            owner = owners.setdefault((scheme, value), name)
            if owner != name:
                yield draft.files[name].finding(
                    "CFG120", ("party", "ids", scheme), scheme=scheme, value=value, name=name, other=owner
                )


def rules_are_complete(draft: Draft) -> Iterator[Finding]:
    """On each line that reaches a partner, each of its formats has a folder."""
    for name, partner in draft.partners.items():
        if partner.party.role == "network":
            continue
        for owner in {owner.partner: owner for owner, _, _ in draft.lines(name)}.values():
            yield from _incomplete(draft, partner, owner)


def _incomplete(draft: Draft, partner: Partner, owner: Partner) -> Iterator[Finding]:
    file = draft.files[partner.partner]
    for format_name, sends in sends_of(partner, owner):
        if sends.files is None:
            yield file.key_finding("CFG106", ("sends", format_name), name="from")
    for format_name, receives in receives_of(partner, owner):
        if receives.to is None:
            yield file.key_finding("CFG106", ("receives", format_name), name="to")
        if receives.name and "lrn" in receives.name.placeholders and (receives.per_file or 1) > 1:
            yield file.key_finding("CFG121", ("receives", format_name), per_file=str(receives.per_file))


def records_fit_the_model(draft: Draft) -> Iterator[Finding]:
    """What the filer knows is said in the model's own words, of a partner with whom something is filed."""
    filed_with = {route.file.partner.partition(".")[0] for route in draft.routes if route.file}
    for name, partner in draft.partners.items():
        yield from read_record(partner.record, draft.files[name], ("record",))[1]
        if partner.record and draft.routes_known and name not in filed_with:
            yield draft.files[name].key_finding("CFG128", ("record",), severity="warning", name=name)


def retention_is_of_a_line(draft: Draft) -> Iterator[Finding]:
    """What comes by a mailbox is kept as long as the mailbox's partner says."""
    for name, partner in draft.partners.items():
        if partner.via and partner.retention != OwnRetention():
            yield draft.files[name].key_finding("CFG151", ("retention",), name=name, mailbox=partner.via)


CHECKS = (
    names_fit_files,
    partners_are_reached,
    mailboxes_agree,
    party_ids_are_unique,
    rules_are_complete,
    records_fit_the_model,
    retention_is_of_a_line,
)
