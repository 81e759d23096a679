"""Record rules: what must fit together in one consignment (UPU M33 item rules R01-R17).

A rule takes a consignment and a yardstick and yields faults: code, path in the model, values of the message. It never
raises on data and never looks at another item.
"""

from gateway.checks.rules import dates, goods, identity, masses, nature, parties, values
from gateway.checks.rules.fault import Rule

RULES: tuple[Rule, ...] = (
    identity.mail_class,
    identity.operators,
    dates.posted_in_time,
    masses.gross_mass,
    masses.net_masses,
    masses.line_masses,
    goods.present,
    goods.counts,
    goods.descriptions,
    goods.hs_codes,
    goods.origins,
    values.one_currency,
    values.line_values,
    values.total,
    values.charges,
    parties.sender_and_addressee,
    parties.reachable,
    parties.countries_known,
    nature.known,
    nature.plausible_gift,
)
POSTAL_RULES: tuple[Rule, ...] = (identity.item_id, dates.posted, nature.stated, values.postage_stated)
