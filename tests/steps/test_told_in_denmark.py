"""Denmark through the real steps: a rule violated before filing costs nothing, pointers like JSONPath lead home."""

import re

import pytest

from tests.danish import take_part, to_denmark
from tests.steps.test_exchange import itmatt
from tests.steps.test_told import reasons

NOTIFICATION = """\
<TraderNotificationResponseDTO><TotalNumberOfNotifications>1</TotalNumberOfNotifications><TotalPages>1</TotalPages>
<ViewedPage>0</ViewedPage><TraderNotification><MetaData><PayloadSpecification>ERMIS/2.0</PayloadSpecification>
<PayloadType>{event}</PayloadType></MetaData><Payload><Notification>
<NotificationEventType>{event}</NotificationEventType>
<NotificationSID>0a8f1d52-0001-4c5e-9d10-000000000001</NotificationSID>
<Declaration><SubmitterReferenceNumber>{lrn}</SubmitterReferenceNumber>{amendment}</Declaration>{error}
<IssueDateTime><DateTimeString formatCode="304">20260915101600Z</DateTimeString></IssueDateTime>
</Notification></Payload></TraderNotification></TraderNotificationResponseDTO>
"""
ERROR = """\
<Error><Pointer><DocumentSectionCode>{pointer}</DocumentSectionCode></Pointer><ValidationCode>{code}</ValidationCode>
<ValidationText>{text}</ValidationText></Error>
"""
VALUE = ".commodity.invoiceLine.itemChargeAmount"
GOODS = "$.consignmentShipment[?(@.sequenceNumber == 1)].goodsItems[?(@.sequenceNumber == {number})]"


@pytest.fixture
def danish(site):
    """The site with Danish customs; `language` is that of the post."""

    def of(language="en", findings="{default: hold}"):
        take_part(site, findings)
        site.change("partners/example-post.yaml", "country: FR,", f"country: FR, language: {language},")
        return site

    return of


def lrns(site):
    return [name.removesuffix(".xml") for name in site.filed("dk-customs")]


def run(site, data=None):
    if data is not None:
        site.post(data)
    with site.gate() as gate:
        site.run(gate)
        assert site.violations(gate) == []
        return site.states(gate), site.states(gate, "filing"), site.codes(gate)


def cheap(data):
    """Within the limits of reliefs, whatever the corpus says."""
    return re.sub(rb'<value currency="\w+">[^<]*<', b'<value currency="DKK">100.00<', data)


def test_a_danish_pointer_leads_to_the_line_of_the_message(danish):
    site, data = danish(), cheap(to_denmark(itmatt(1)))
    run(site, data)
    (lrn,) = lrns(site)
    pointer = GOODS.format(number=1) + VALUE
    error = ERROR.format(pointer=pointer, code="DK1018", text="Value above the limit")
    site.say(NOTIFICATION.format(event="CWMREJ", lrn=lrn, error=error, amendment=""), "a.xml", "dk-customs")
    run(site)
    ((code, text, element),) = reasons(site)
    assert (code, element) == ("DK1018", "item/content-piece/value")
    line = int(re.search(r"Value above the limit\. .* 100\.00 DKK \(item/content-piece/value, line (\d+)\)", text)[1])
    assert b'<value currency="DKK">100.00<' in data.splitlines()[line - 1]


def test_a_danish_rejection_is_told_in_french_with_what_the_code_means(danish):
    site = danish("fr")
    run(site, cheap(to_denmark(itmatt(1))))
    pointer = GOODS.format(number=1) + ".commodity.classification"
    error = ERROR.format(pointer=pointer, code="DK1011", text="Ikke tilladt")
    site.say(NOTIFICATION.format(event="CWMREJ", lrn=lrns(site)[0], error=error, amendment=""), "a.xml", "dk-customs")
    run(site)
    ((code, text, element),) = reasons(site)
    assert code == "DK1011" and "franchise C07" in text and "Ikke tilladt" in text and "Code SH" in text
    assert element == "item/content-piece/hs-code"


def test_what_danish_customs_changed_is_told_in_their_own_values(danish):
    site = danish()
    run(site, cheap(to_denmark(itmatt(1))))
    amendment = (
        "<amendment><sequenceNumber>1</sequenceNumber><value>126.00</value><originalValue>100.00</originalValue>"
        f"<pointer>{GOODS.format(number=1)}{VALUE}</pointer></amendment>"
    )
    site.say(
        NOTIFICATION.format(event="CWMRES", lrn=lrns(site)[0], error="", amendment=amendment), "a.xml", "dk-customs"
    )
    run(site)
    ((_, text, element),) = reasons(site)
    assert text.startswith("customs changed 100.00 to 126.00. Goods items 1 ") and element == "item/content-piece/value"


def heavy():
    """Rule DK1020: less than 100 kg."""
    return re.sub(rb"<gross-weight>[^<]*<", b"<gross-weight>120.000<", cheap(to_denmark(itmatt(1))))


@pytest.mark.parametrize(
    ("findings", "items", "filed"),
    [
        ("{default: hold}", {"accepted": 1}, 0),
        ("{default: hold, DK1020: warn}", {"accepted": 1}, 1),
        ("{default: hold, authority.rule: quarantine}", {"quarantined": 1}, 0),
    ],
)
def test_the_route_says_what_a_danish_rule_means(danish, findings, items, filed):
    site = danish(findings=findings)
    assert run(site, heavy())[0] == items and len(lrns(site)) == filed


def test_a_rule_violated_before_filing_is_told_with_its_code_and_not_filed(danish):
    site = danish("es", "{default: quarantine}")
    assert run(site, heavy())[0] == {"quarantined": 1}
    assert site.filed("dk-customs") == {}
    codes = {code for code, _, _ in reasons(site)}
    assert "DK1020" in codes
    assert next(pointer for code, _, pointer in reasons(site) if code == "DK1020").startswith("item/")


def test_a_person_waives_a_rule_by_customs_code(danish):
    from gateway.steps.repeating import operate

    site = danish()
    run(site, heavy())
    with site.gate() as gate:
        (held,) = site.ids(gate, "filing", state="held")
        with pytest.raises(operate.NotPossible, match="not waived: DK1020"):
            operate.release(gate, held, ["DK1021"], "O:tester")
        operate.release(gate, held, ["DK1020"], "O:tester")
        site.run(gate)
        assert len(lrns(site)) == 1 and site.violations(gate) == []
