"""Through the journal: in whatever order answers arrive a filing stands the same; goods items stand apart."""

from itertools import permutations

import pytest
from sqlalchemy import select

from gateway.demo.answers import fill
from gateway.demo.scene import STAGE
from gateway.demo.script import load
from gateway.journal import schema
from gateway.mapping.registry import shipped
from gateway.steps.answering.dossier import dossier
from gateway.steps.hearing.fold import Standing
from gateway.steps.hearing.standing import standing
from tests.danish import take_part, to_denmark
from tests.steps.answers import response
from tests.steps.test_exchange import itmatt, lrns

PAGES = load(STAGE / "dk-customs")[1]
PARTLY = """\
        <GoodsItemsReleaseIndicators>
          <ReleaseIndicator><GoodsItemSequenceNumber>1</GoodsItemSequenceNumber>\
<ReleaseIndicatorValue>{first}</ReleaseIndicatorValue></ReleaseIndicator>
          <ReleaseIndicator><GoodsItemSequenceNumber>2</GoodsItemSequenceNumber>\
<ReleaseIndicatorValue>{second}</ReleaseIndicatorValue></ReleaseIndicator>
        </GoodsItemsReleaseIndicators>
      </Notification>"""
SIX = (("02", 9), ("01", 10), ("05", 11), ("13", 12), ("08", 13), ("09", 14))  # codes, and the hour of each
EVERY = 30  # of the 720 orders each thirtieth: all of them are gone through without a journal in test_fold.py


@pytest.fixture
def danish(site):
    """One parcel filed with Denmark; what says something of it, and how it stands then."""
    take_part(site)
    site.post(to_denmark(itmatt(1)))
    with site.gate() as gate:
        site.run(gate)
        (lrn,) = lrns(site, "dk-customs")

        class Danish:
            number = 0

            def say(self, text, folder="out"):
                self.number += 1
                (site.folder / "dk-customs" / folder / f"{self.number}.xml").write_text(text)

            def notify(self, say, hour, *swaps):
                guid = f"0a8f1d52-0000-4c5e-9d10-{self.number:012}"
                values = {"lrn": lrn, "mrn": "26DK00000000000001R0", "version": "1", "guid": guid}
                text = fill(PAGES[say], values | {"issued": f"20260915{hour:02}0000Z"}, {"errors": "", "taxes": ""})
                for old, new in swaps:
                    assert old in text
                    text = text.replace(old, new)
                self.say(text)

            def stands(self):
                site.run(gate)
                with gate.journal.read() as conn:
                    rows = conn.execute(select(schema.decision)).mappings().all()
                    return standing(gate, conn, rows)

            def filed(self):
                (row,) = site.rows(gate, "filing")
                with gate.journal.read() as conn:
                    return row, dossier(gate, conn, row["item"]).filings[0]

        Danish.lrn = lrn
        yield Danish()
        assert site.violations(gate) == []


def test_in_whatever_order_six_answers_arrive_each_filing_ends_alike(site):
    orders = list(permutations(SIX))[::EVERY]
    with site.gate() as gate:
        site.post(itmatt(len(orders)))
        site.run(gate)
        filed = dict(zip(lrns(site), orders, strict=True))
        for turn in range(len(SIX)):
            for number, (lrn, order) in enumerate(filed.items()):
                code, hour = order[turn]
                site.say(response(code, lrn, issued=f"20260915{hour:02}0000Z"), f"{turn}-{number}.xml")
            site.run(gate)
        assert {(row["outcome"], row["state"]) for row in site.rows(gate, "filing")} == {("cleared", "settled")}
        assert len(site.rows(gate, "decision")) == len(SIX) * len(orders)
        assert site.violations(gate) == []


def partly(first, second):
    return (("CWMROG", "CWMPGR"), ("      </Notification>", PARTLY.format(first=first, second=second)))


def test_goods_items_are_released_one_by_one(danish):
    danish.notify("accepted", 9)
    danish.notify("released", 11, *partly(1, 0))
    assert danish.stands() == Standing("partly_released", blocks_goods=True, goods=((1, "released"), (2, "held")))
    assert danish.filed()[0]["outcome"] == "partly_released"
    danish.notify("released", 10, *partly(0, 0))  # older, and comes later
    assert danish.stands().goods == ((1, "released"), (2, "held"))
    danish.notify("released", 12)
    now = danish.stands()
    assert (now.outcome, now.final, now.goods) == ("released", True, ((1, "released"), (2, "released")))
    assert danish.filed()[0]["state"] == "settled"


def test_a_late_answer_changes_nothing_and_says_so(danish):
    danish.notify("released", 12)
    assert danish.stands().outcome == "released"
    danish.notify("controlled", 10)
    assert danish.stands().outcome == "released"
    (remark,) = [one for one in danish.filed()[1].findings if one.code == "RSP730"]
    assert remark.values == {"outcome": "under control", "issued": "2026-09-15T10:00:00Z", "holds": "released"}


def test_answers_in_their_order_are_no_news_to_anybody(danish):
    for say, hour in (("accepted", 9), ("controlled", 10), ("released", 12)):
        danish.notify(say, hour)
        danish.stands()
    assert [one for one in danish.filed()[1].findings if one.code.startswith("RSP")] == []


def test_what_is_shown_of_a_filing_is_how_it_stands(danish):
    danish.notify("controlled", 10)
    taxes = (shipped() / "customs/dk/cases/notification/every-kind.in").read_text()
    fee = taxes[taxes.index("<DutyTaxFee>") : taxes.index("</DutyTaxFee>")] + "</DutyTaxFee>"
    due = '<DueDate><DateTimeString formatCode="304">20260921235959Z</DateTimeString></DueDate>\n      </Notification>'
    danish.notify(
        "accepted",
        11,
        ("CWMACC", "CWMCPI"),
        ("        </Declaration>", f"{fee}</Declaration>"),
        ("      </Notification>", due),
    )
    stands = danish.stands()
    assert (stands.outcome, stands.duty, stands.blocks_goods) == ("under_control", "payment_requested", True)
    assert (str(stands.total.amount), stands.total.currency, stands.deadline) == (
        "275.0",
        "DKK",
        "2026-09-21T23:59:59Z",
    )
    assert danish.filed()[1].standing == stands


def test_a_request_that_is_refused_leaves_the_declaration_where_it_is(danish):
    danish.notify("accepted", 9)
    urn = "<AdditionalMessage><URN>26DKINV00000000001</URN></AdditionalMessage>\n      </Notification>"
    danish.notify("released", 12, ("CWMROG", "CWMREJ"), ("      </Notification>", urn))
    stands = danish.stands()
    assert (stands.outcome, stands.requests) == ("accepted", (("26DKINV00000000001", "request_denied"),))


def test_a_page_that_repeats_what_was_said_adds_only_what_is_new(danish):
    danish.notify("accepted", 9)
    danish.notify("released", 12)
    danish.stands()
    first, second = (fill(PAGES[say], {"lrn": danish.lrn, "mrn": "26DK00000000000001R0", "version": "1",
        "guid": f"0a8f1d52-0000-4c5e-9d10-{number:012}", "issued": f"20260915{hour:02}0000Z"},
        {"errors": "", "taxes": ""}) for say, number, hour in (("accepted", 0, 9), ("cleared", 7, 14)))  # fmt: skip
    start, end = second.index("  <TraderNotification>"), second.index("</TraderNotificationResponseDTO>")
    danish.say(
        first.replace("</TraderNotificationResponseDTO>", second[start:end] + "</TraderNotificationResponseDTO>")
    )
    assert danish.stands().outcome == "cleared"


def test_a_refusal_at_once_rejects_the_declaration(danish):
    refusal = (shipped() / "customs/dk/cases/synchronous-error/every-element.in").read_text()
    danish.say(refusal.replace("GW-DK-000005", danish.lrn).replace("2026-09-14", "2026-09-15"), "refused")
    assert danish.stands().outcome == "rejected"
    assert danish.filed()[0]["state"] == "settled"
