"""How many rows of a proposed table are right: `python -m tests.bench.propose`.

A row is right when its element, and the currency or unit beside it, are what a person wrote: in a shipped table, or in
an expectation beside the tests (`tests/workbench/propose/*.csv`). The proposal was worked on with the samples of the
first group. Those of the second were measured before anybody had looked at what is proposed for them; their shares at
first sight were teleship 97 %, CEB621 50 %, XFZB 57 %, Shopify 0 % (another list of goods was taken), WooCommerce 29 %,
Spring 100 %, Sendle 93 %, ParcelOne 79 %, goods of thirteen carriers 85 %. Their misses were looked at since,
and words and rules added, some of them of one format alone: today's share of the second group is no blind one any more.
"""

import csv
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from gateway.mapping.carried import carried, model_path
from gateway.mapping.plan import Plan
from gateway.mapping.registry import Registry
from gateway.workbench.propose.proposal import Row, propose
from gateway.workbench.propose.sources import read

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("GATEWAY_SHARED_DATA", ROOT.parent / "shared" / "data"))
EXPECTED = ROOT / "tests" / "workbench" / "propose"
CASES = ROOT / "mappings"


class Case(NamedTuple):
    """A sample and who says what is right: an expectation or the table of a format."""

    sample: Path
    expected: str
    group: str


WORKED_ON, KEPT_BACK = "worked on", "kept back"
FIXTURES = SHARED / "carrier-apis" / "fixtures"
SCHEMAS = SHARED / "carrier-apis" / "schemas"
MANIFEST = SHARED / "ecommerce-manifest"
SAMPLES = (
    Case(MANIFEST / "synthetic_manifest_v2.csv", "ecommerce/manifest", WORKED_ON),
    Case(MANIFEST / "synthetic_manifest_v2.xlsx", "ecommerce/manifest", WORKED_ON),
    Case(FIXTURES / "easyship-ShipmentRequest.json", "carrier/easyship-shipment", WORKED_ON),
    Case(SCHEMAS / "asendia-shipment_request.json", "carrier/asendia-shipment", WORKED_ON),
    Case(FIXTURES / "tnt-ShipmentRequest.xml", "tnt", WORKED_ON),
    Case(FIXTURES / "bpost-IntlShipmentRequest.xml", "bpost", WORKED_ON),
    Case(CASES / "upu" / "cases" / "itmatt-1.5" / "every-element.in", "upu/itmatt-1.5", WORKED_ON),
    Case(CASES / "customs" / "uk" / "cases" / "h7" / "every-element.in", "customs/uk/h7", WORKED_ON),
    Case(MANIFEST / "synthetic_manifest_v1_dirty.csv", "ecommerce/manifest", KEPT_BACK),
    Case(FIXTURES / "teleship-ShipmentRequest.json", "carrier/teleship-shipment", KEPT_BACK),
    Case(SHARED / "gacc-ceb" / "2018-113" / "CEB621Message.xml", "ceb621", KEPT_BACK),
    Case(SHARED / "cargo-xml" / "SEL22222222_XFZB.xml", "xfzb", KEPT_BACK),
    Case(SHARED / "platforms" / "shopify" / "order.json", "shopify", KEPT_BACK),
    Case(SHARED / "platforms" / "woocommerce" / "order_v3_example.json", "woocommerce", KEPT_BACK),
    Case(SCHEMAS / "spring-shipment_request.json", "spring", KEPT_BACK),
    Case(SCHEMAS / "sendle-order_request.json", "sendle", KEPT_BACK),
    Case(SCHEMAS / "parcelone-shipping_request.json", "parcelone", KEPT_BACK),
)


class Wanted(NamedTuple):
    """What a person wrote: any of these elements, none of them needed where `optional`."""

    models: frozenset[str]
    beside: str
    optional: bool


class Share(NamedTuple):
    """`rows` by hand, so many `right`, so many right only with the `second` candidate; rows `proposed` in all."""

    rows: int
    right: int
    second: int
    proposed: int
    surplus: int
    missed: tuple[str, ...] = ()

    @property
    def part(self) -> float:
        return self.right / self.rows if self.rows else 0.0

    @property
    def precision(self) -> float:
        return (self.proposed - self.surplus) / self.proposed if self.proposed else 0.0


def measure(case: Case) -> Share:
    """One sample's proposal against what a person wrote."""
    found = propose([read(case.sample)], envelope=True)
    outer = 1 if found.places.flat else 0  # rows of cells have no name
    rows = {local("/".join(row.leaf.path[outer:])): row for row in found.rows}
    wanted = {path: one for path, one in expectation(case).items() if path in rows}
    needed = {path: one for path, one in wanted.items() if not one.optional}
    missed = tuple(path for path, one in needed.items() if not right(rows[path], one))
    second = sum(any(other.path in needed[path].models for other in rows[path].others) for path in missed)
    active = {path: row for path, row in rows.items() if row.sure}
    surplus = sum(path not in wanted or not right(row, wanted[path]) for path, row in active.items())
    return Share(len(needed), len(needed) - len(missed), second, len(active), surplus, missed)


def right(row: Row, wanted: Wanted) -> bool:
    if not row.sure or row.choice is None or not {row.choice.path, typeless(row.choice.path)} & wanted.models:
        return False
    return not wanted.beside or (row.beside is not None and local(row.beside.text) == local(wanted.beside))


def expectation(case: Case) -> dict[str, Wanted]:
    if "/" in case.expected:
        plan = Registry().plan(case.expected, datetime.now(UTC).date())
        found: dict[str, Wanted] = {}
        for path, one in _by_table(plan):  # two rows of one element: either is right
            known = found.get(path)
            found[path] = Wanted(one.models | known.models, "", optional=False) if known else one
        return found
    with (EXPECTED / f"{case.expected}.csv").open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(line for line in stream if not line.startswith("#"))
        return {local(row["message_path"]): _by_hand(row) for row in rows}


class Feed(NamedTuple):
    """A carrier's sample and the row of `unit-line-basis.csv` that says what its goods are called."""

    name: str
    file: str


FEEDS = (
    Feed("easypost", "easypost-shipment_request"), Feed("dhl-parcel-de", "dhl_parcel_de-shipping_request"),
    Feed("seko", "seko-shipping_request"), Feed("asendia", "asendia-shipment_request"),
    Feed("usps-international", "usps_international-label_request"), Feed("mydhl", "mydhl-shipment_request"),
    Feed("dpd-meta", "dpd_meta-shipment_request"), Feed("colissimo", "colissimo-label_request"),
    Feed("spring", "spring-shipment_request"), Feed("asendia-us", "asendia_us-shipping_request"),
    Feed("hermes", "hermes-shipment_request"), Feed("parcelone", "parcelone-shipping_request"),
    Feed("sapient", "sapient-shipment_requests"), Feed("sendle", "sendle-order_request"),
    Feed("smartkargo", "smartkargo-shipment_request"), Feed("australia-post", "australiapost-shipment_request"),
    Feed("fedex", "fedex-shipping_request"),
)  # fmt: skip
_VALUES_OF = {"unit": {"unit_price"}, "line": {"value"}}
_WEIGHTS_OF = {"unit": {"unit_net_mass"}, "line": {"net_mass", "gross_mass"}}


def goods(feed: Feed) -> Share:
    """The goods of one carrier's sample: quantity, value, weight, HS code, origin and SKU by their published names."""
    with (SHARED / "carrier-apis" / "unit-line-basis.csv").open(encoding="utf-8", newline="") as stream:
        facts = next(row for row in csv.DictReader(stream) if row["feed"] == feed.name)
    wanted = {
        facts["quantity"]: {"quantity"},
        facts["value_field"]: _VALUES_OF.get(facts["value_per"], {"unit_price", "value"}),
        facts["weight_field"]: _WEIGHTS_OF.get(facts["weight_per"], {"net_mass", "gross_mass", "unit_net_mass"}),
        facts["hs_field"]: {"hs_code", "tariff_code"},
        facts["origin_field"]: {"origin"},
        facts["sku_field"]: {"sku"},
    }
    document = SCHEMAS / f"{feed.file}.json"
    rows = {row.leaf.path: row for row in propose([read(document)]).rows}
    item = re.split(r"[.\[\] /]+", facts["item_path"].strip("[]"))[-1]
    found: dict[str, bool] = {}
    for said, models in wanted.items():
        steps = [step for step in re.split(r"[,; (]", said)[0].split(".") if step]
        named = (row for path, row in rows.items() if steps and item in path and path[-len(steps) :] == tuple(steps))
        if (row := next(named, None)) is not None:
            good = {f"goods_items.{model}" for model in models}
            found[said] = row.sure and row.choice is not None and row.choice.path in good
    missed = tuple(said for said, good in found.items() if not good)
    return Share(len(found), len(found) - len(missed), 0, len(found), len(missed), missed)


def _by_hand(row: dict[str, str]) -> Wanted:
    model = row["model_path"]
    return Wanted(frozenset(model.removeprefix("?").split("|")), row["beside"], model.startswith("?"))


def _by_table(plan: Plan) -> Iterator[tuple[str, Wanted]]:
    for path, value in carried(plan):
        if value.refs:
            inner = local(path).rpartition("/")[2] if plan.syntax == "tabular" else local(path).partition("/")[2]
            yield inner, Wanted(frozenset({canonical(model_path(plan, value))}), "", optional=False)


def typeless(model: str) -> str:
    """Without the types of entries: a plan names them elsewhere."""
    return re.sub(r"\[[^\]]*\]", "", model)


def canonical(model: str) -> str:
    """A model path from the consignment."""
    return model.removeprefix("consignments.")


def local(path: str) -> str:
    """A message path without prefixes and predicates, spelt without regard to case."""
    return re.sub(r"\[[^\]]*\]", "", re.sub(r"[\w.-]+:", "", path)).strip("/").replace("_", "").lower()


def main() -> None:
    print(f"{'sample':42} {'group':10}  rows  right  share  second  proposed  of them right")
    for group in (WORKED_ON, KEPT_BACK):
        shares = [(case, measure(case)) for case in SAMPLES if case.group == group and case.sample.exists()]
        for case, share in shares:
            print(_line(f"{case.sample.parent.name}/{case.sample.name}"[-42:], group, share))
        rows = [sum(share[at] for _, share in shares) for at in range(5)]
        print(_line("together", group, Share(*rows)))

    print()
    for feeds, group in ((FEEDS[:4], WORKED_ON), (FEEDS[4:], KEPT_BACK)):
        shares = [(feed, goods(feed)) for feed in feeds]
        for feed, share in shares:
            figures = f"{share.rows:5} {share.right:6} {share.part:6.0%}"
            print(f"goods of {feed.name:33} {group:10} {figures}  {' '.join(share.missed)}")
        rows, right_ones = sum(share.rows for _, share in shares), sum(share.right for _, share in shares)
        print(f"{'together':42} {group:10} {rows:5} {right_ones:6} {right_ones / rows:6.0%}")


def _line(name: str, group: str, share: Share) -> str:
    return (
        f"{name:42} {group:10} {share.rows:5} {share.right:6} {share.part:6.0%} {share.second:7} {share.proposed:9}"
        f" {share.precision:14.0%}"
    )


if __name__ == "__main__":
    main()
