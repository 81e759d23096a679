"""What a sender is told: in its own language, of its own element and line, what stood there, under customs' code."""

import os
import re
from pathlib import Path

import pytest

from gateway.steps.answering.dossier import dossier
from tests.steps.answers import ERROR, response
from tests.steps.test_exchange import itmatt, lrns

POINTER = "<Pointer>{number}<DocumentSectionCode>{section}</DocumentSectionCode>{tag}</Pointer>"
VALUE = ("42A", "67A", "68A[1]/108")


def pointers(*steps):
    """`42A`, `68A[2]/108` as a RES says them."""

    def one(step):
        section, _, tag = step.partition("/")
        section, _, number = section.rstrip("]").partition("[")
        return POINTER.format(
            number=f"<SequenceNumeric>{number}</SequenceNumeric>" if number else "",
            section=section,
            tag=f"<TagID>{tag}</TagID>" if tag else "",
        )

    return "".join(map(one, steps))


def error(code, *steps, text=""):
    said = f"<Description>{text}</Description>" if text else ""
    return f"<Error>{said}<ValidationCode>{code}</ValidationCode>{pointers(*steps)}</Error>"


def reasons(site):
    """Code, text and pointer of each reason in the answers."""
    told = site.answers()
    found = [re.findall(rf"<reason-{name}>(.*?)</reason-{name}>", told) for name in ("code", "text", "pointer")]
    return list(zip(*found, strict=True))


@pytest.fixture
def lodged(site):
    """A declaration with customs: `lodged(language)` gives the gate's context, the LRN and the lines of the message."""

    def file(language="en", items=1):
        site.change("partners/example-post.yaml", "country: FR,", f"country: FR, language: {language},")
        site.change("routes.yaml", "held, released]", "held, changed, released]")
        data = itmatt(items)
        site.post(data)
        with site.gate() as gate:
            site.run(gate)
        return lrns(site), data.decode().splitlines()

    return file


def answered(site, *said):
    for number, one in enumerate(said):
        site.say(one, f"{number}.xml")
    with site.gate() as gate:
        site.run(gate)
        assert site.violations(gate) == []


def test_a_reason_tells_element_line_and_value_in_the_senders_words(site, lodged):
    (lrn,), lines = lodged()
    answered(site, response("03", lrn, error=error("CDS12005", *VALUE, text="Value is too low.")))
    ((code, text, pointer),) = reasons(site)
    assert (code, pointer) == ("CDS12005", "item/content-piece/value")
    value, line = re.fullmatch(
        r"Value is too low\. Goods items 1 \u203a Value of the goods: (.*) \(item/content-piece/value, line (\d+)\)",
        text,
    ).groups()
    amount, currency = value.split()
    assert f'currency="{currency}"' in lines[int(line) - 1] and amount in lines[int(line) - 1]


def test_a_reason_is_told_in_french(site, lodged):
    (lrn,), _ = lodged("fr")
    answered(site, response("03", lrn, error=ERROR))
    ((_, text, _),) = reasons(site)
    assert "Articles 1 \u203a D\u00e9signation des marchandises : " in text


def test_a_fact_that_was_not_said_is_told_with_the_element_that_would_say_it(site, lodged):
    """The consignee's state: the table of the sender knows its element, this message does not say it."""
    (lrn,), _ = lodged()
    answered(site, response("03", lrn, error=error("CDS10001", "42A", "67A", "99B/999", text="unknown")))
    ((_, text, pointer),) = reasons(site)
    assert text.startswith("unknown") and pointer.startswith("item")


def test_a_pointer_to_a_class_names_no_single_value(site, lodged):
    (lrn,), _ = lodged()
    answered(site, response("03", lrn, error=error("CDS10002", "42A", "67A", "68A[1]", text="this line")))
    ((_, text, pointer),) = reasons(site)
    assert pointer == "item/content-piece" and "nothing" in text


def test_a_reason_without_a_pointer_is_told_as_customs_said_it(site, lodged):
    (lrn,), _ = lodged()
    answered(site, response("03", lrn, error=error("CDS40045", text="Try again")))
    assert re.findall(r"<reason-(?:code|text)>(.*?)<", site.answers()) == ["CDS40045", "Try again"]


def test_a_filers_fact_is_told_with_what_was_filed(site, lodged):
    """The location of goods is no fact of the sender's: its value is the one we filed."""
    (lrn,), _ = lodged()
    answered(site, response("03", lrn, error=error("CDS10003", "42A", "67A", "28A", "64A/L016", text="unknown place")))
    ((_, text, pointer),) = reasons(site)
    assert "EXAEXAEXA" in text and pointer == "item"


def test_a_text_that_is_too_wide_is_cut_at_a_word_and_keeps_its_place(site, lodged):
    (lrn,), _ = lodged()
    answered(site, response("03", lrn, error=error("CDS12005", *VALUE, text="much too long " * 36)))
    ((_, text, _),) = reasons(site)
    assert len(text) <= 512 and re.search(r"(much|too|long)\u2026\. Goods items 1 ", text)


def test_a_code_that_is_wider_than_its_element_goes_into_the_text(site, lodged):
    (lrn,), _ = lodged()
    answered(site, response("03", lrn, error=error("CDS-1200512", *VALUE, text="Value is too low")))
    ((code, text, _),) = reasons(site)
    assert code == "ERR" and text.startswith("CDS-1200512: Value is too low. ")


def test_what_customs_changed_is_told_old_and_new(site, lodged):
    (lrn,), lines = lodged()
    change = f"<Amendment><ChangeReasonCode>16</ChangeReasonCode>{pointers(*VALUE)}</Amendment>"
    new = (
        "<Declaration><FunctionCode>9</FunctionCode><GoodsShipment><GovernmentAgencyGoodsItem>"
        '<CustomsValueAmount currencyID="EUR">99.00</CustomsValueAmount><SequenceNumeric>1</SequenceNumeric>'
        "</GovernmentAgencyGoodsItem></GoodsShipment></Declaration></Response>"
    )
    answered(site, response("07", lrn, error=change).replace("</Response>", new))
    ((code, text, pointer),) = reasons(site)
    assert (code, pointer) == ("16", "item/content-piece/value")
    old = re.match(r"customs changed (.*) to 99\.00 EUR\. ", text)[1]
    assert old.split()[0] in "".join(lines)


def test_what_customs_removed_is_told_too(site, lodged):
    """As in the published example of notification 07: a pointer, and no new value."""
    (lrn,), _ = lodged()
    change = (
        f"<Amendment><ChangeReasonCode>16</ChangeReasonCode>{pointers('42A', '67A', '28A', '64A/L016')}</Amendment>"
    )
    answered(site, response("07", lrn, error=change))
    ((_, text, _),) = reasons(site)
    assert text.startswith("customs removed EXAEXAEXA")


def test_explain_shows_what_the_sender_was_told(site, lodged):
    (lrn,), _ = lodged("fr")
    answered(site, response("03", lrn, error=ERROR))
    ((_, text, _),) = reasons(site)
    with site.gate() as gate:
        (item,) = [row["id"] for row in site.rows(gate, "item") if row["kind"] == "consignment"]
        with gate.journal.read() as conn:
            (said,) = dossier(gate, conn, item).filings[0].decisions
    assert said.told == (text,)


def test_an_item_refused_before_filing_is_told_of_its_own_element_and_never_filed(site):
    data = itmatt(1).replace(b"<content-piece>", b"<content-piece>", 1)
    data = re.sub(rb"<value currency=\"\w+\">[^<]*</value>", b"", data, count=1)
    site.change("routes.yaml", "{default: hold}", "{default: quarantine}")
    site.post(data)
    with site.gate() as gate:
        site.run(gate)
        assert site.filed() == {} and site.states(gate) == {"quarantined": 1}
    told = reasons(site)
    assert ("item/content-piece/value" in {pointer for _, _, pointer in told}) and told
    assert any("nothing (item/content-piece/value, line" in text for _, text, _ in told)


def test_a_value_that_could_not_be_read_is_told_as_it_was_said(site):
    data = re.sub(rb"<gross-weight>[^<]*<", b"<gross-weight>half a kilo<", itmatt(1))
    site.post(data)
    with site.gate() as gate:
        site.run(gate)
        assert site.states(gate) == {"quarantined": 1}
    ((_, text, pointer),) = [one for one in reasons(site) if one[2] == "item/gross-weight"]
    assert "Gross mass: half a kilo (item/gross-weight, line" in text and pointer == "item/gross-weight"


def test_an_item_that_cannot_be_read_at_all_is_told_with_its_line(site):
    data = itmatt(2).replace(b"</content-piece>", b"</content-pece>", 1)
    site.post(data)
    with site.gate() as gate:
        site.run(gate)
    ((code, text, pointer),) = reasons(site)
    assert code == "SRC223" and pointer == "item" and re.search(r"\(item, line \d+\)|item, line \d+", text)


SHARED = Path(__file__).resolve().parents[3] / "shared/data"
PUBLISHED = Path(os.environ.get("GATEWAY_SHARED_DATA", SHARED)) / "uk-cds/samples/Example_DMS_notifications"


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="no shared data: set GATEWAY_SHARED_DATA")
@pytest.mark.parametrize("name", ["03_DMSREJ.xml", "07_DMSRES.xml"])
def test_published_notifications_lead_home(site, lodged, name):
    """The published examples, said of a declaration of ours, today: each error and each change is a reason."""
    (lrn,), _ = lodged()
    text = (PUBLISHED / name).read_text()
    text = re.sub(r"(<Declaration>\s*<FunctionalReferenceID>)[^<]*", rf"\g<1>{lrn}", text, count=1)
    answered(site, re.sub(r">20\d{12}Z<", ">20260915100000Z<", text))
    told = [text for _, text, _ in reasons(site)]
    if name.startswith("03"):
        assert len(told) == text.count("<Error>")
    else:  # two elements of the location; of them we had declared one, and the other has no new value
        assert len(told) == 1 and told[0].startswith("customs changed EXAEXAEXA to LHRLHRLHR")


def test_a_part_that_customs_changed_without_saying_how_is_told_as_such(site, lodged):
    (lrn,), _ = lodged()
    change = f"<Amendment><ChangeReasonCode>16</ChangeReasonCode>{pointers('42A', '67A', '68A[1]')}</Amendment>"
    answered(site, response("07", lrn, error=change))
    ((code, text, pointer),) = reasons(site)
    assert (code, pointer) == ("16", "item/content-piece") and text.startswith("changed by customs. Goods items 1")
