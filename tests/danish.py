"""Denmark in tests: its customs as a partner, the route there, and mail of the corpus turned to recipients there."""

import re

CUSTOMS = """\
partner: dk-customs
party: {name: Example Danish Customs, role: customs, country: DK}
timezone: Europe/Copenhagen
connections:
  live: {environment: production, directory: PLACE/dk-customs, every: 1s}
  test: {environment: test, directory: PLACE/dk-customs-test, every: 1s}
receives:
  customs/dk/h7: {to: in, name: "{lrn}.xml", per_file: 1, in_doubt: resend}
sends:
  customs/dk/notification: {from: out/*.xml, complete: rename, after: delete}
  customs/dk/synchronous-error: {from: refused/*.xml, complete: rename, after: delete}
settings: {submitter-id: "12345678", declarant-id: DK12345678, declaration-office: DK005600, location: AUDKCPH,
  special-arrangement: F49, lrn-prefix: GW1, exchange-rates: sample}
"""
ROUTE = """\
- route: dk-h7
  from: {role: post, format: upu/itmatt-1.5, when: {consignee.address.country: [DK]}}
  file: {with: dk-customs, as: customs/dk/h7}
  findings: {default: hold}
  answer: {to: sender, as: upu/cusrsp-1, on: [refused, rejected, held, changed, released]}
"""
RECIPIENT = re.compile(rb"<recipient><name>.*?</recipient>", re.DOTALL)
DANE = (
    "<recipient><name>Ida Eksempel</name><address><line>Eksempelvej 7</line><postcode>1050</postcode>"
    "<city>København K</city><country>DK</country></address><phone>+4532000000</phone>"
    "<email>ida@example.org</email></recipient>"
).encode()


def to_denmark(message: bytes) -> bytes:
    """The same items, each to one recipient in Denmark."""
    moved = message.replace(b"<destination-operator>GBA<", b"<destination-operator>DKA<")
    return RECIPIENT.sub(DANE, moved)


def take_part(site, findings="{default: hold}"):
    """Danish customs beside the others of a site, and the route to them."""
    site.partner("dk-customs", CUSTOMS)
    for line in ("dk-customs", "dk-customs-test"):
        (site.folder / line / "refused").mkdir()
    routes = site.folder / "config/routes.yaml"
    routes.write_text(routes.read_text() + ROUTE.replace("{default: hold}", findings))
