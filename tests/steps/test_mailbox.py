"""A network mailbox carries several senders: the header picks among them, and nobody gets what is another's."""

import re

from gateway.settings import load
from gateway.steps.answering import answer
from gateway.steps.ground.hub import Hub
from gateway.steps.watching.overview import overview
from tests.left import work_left
from tests.steps.answers import response
from tests.steps.test_exchange import itmatt, lrns

NETWORK = """\
partner: post-network
party: {name: Example Network, role: network, ids: {upu: NET}}
timezone: UTC
connections:
  live: {environment: production, directory: PLACE/network, every: 1s, carries: [island-post, hill-post]}
sends:
  upu/itmatt-1.5: {from: out/*.xml, complete: rename, after: delete}
"""
MEMBER = """\
partner: NAME
party: {name: NAME, role: post, country: MU, ids: {upu: CODE}}
timezone: Indian/Mauritius
via: post-network
sends: {upu/itmatt-1.5: {}}
receives: {upu/cusrsp-1: {to: WHERE, name: "CUSRSP_{control_reference}.xml", per_file: 500}}
"""


def join(site, hill="in/hill"):
    site.partner("post-network", NETWORK)
    for name, code, where in (("island-post", "MUA", "in/island"), ("hill-post", "HIA", hill)):
        site.partner(name, MEMBER.replace("NAME", name).replace("CODE", code).replace("WHERE", where))
        (site.folder / "network" / where).mkdir(parents=True, exist_ok=True)


def mail(sender, seed, **facts):
    return re.sub(rb"<sender>FRA<", b"<sender>%s<" % sender.encode(), itmatt(2, seed, reference=f"ITM{seed}", **facts))


def told(site, where):
    return [file.read_text() for file in sorted((site.folder / "network" / where).glob("*.xml"))]


def test_each_sender_gets_its_own_answers_in_its_own_folder(site):
    join(site)
    with site.gate() as gate:
        site.post(mail("MUA", 1, faults={1: "gross-zero"}), "a.xml", "network")
        site.post(mail("HIA", 2, faults={2: "gross-zero"}), "b.xml", "network")
        site.run(gate)
        for number, lrn in enumerate(lrns(site)):
            site.say(response("09", lrn), f"{number}.xml")
        site.run(gate)
        for where, code, seed in (("in/island", "MUA", 1), ("in/hill", "HIA", 2)):
            text = "".join(told(site, where))
            mine = set(re.findall(r"<item-id>(\w+)<", itmatt(2, seed).decode()))
            assert set(re.findall(r"<item-id>(\w+)<", text)) == mine
            assert set(re.findall(r"<recipient>(\w+)<", text)) == {code}
        assert site.violations(gate) == []


def test_senders_who_share_a_folder_share_no_file(site):
    join(site, hill="in/island")
    with site.gate() as gate:
        site.post(mail("MUA", 1, faults={1: "gross-zero"}), "a.xml", "network")
        site.post(mail("HIA", 2, faults={2: "gross-zero"}), "b.xml", "network")
        site.run(gate)
        texts = told(site, "in/island")
        assert [len(set(re.findall(r"<recipient>(\w+)<", text))) for text in texts] == [1, 1]


def test_a_sender_whom_the_mailbox_does_not_carry_is_refused(site):
    join(site)
    with site.gate() as gate:
        for number, sender in enumerate(("FRA", "NET", "XXX")):
            site.post(mail(sender, number), f"{number}.xml", "network")
        site.run(gate)
        assert site.states(gate, "file") == {"refused": 3} and site.codes(gate, "file") == {"RTE124"}
        assert site.filed() == {}


def test_answers_for_a_member_that_left_wait_and_keep_nobody_elses(site):
    join(site)
    with site.gate() as gate:
        site.post(mail("HIA", 2, faults={2: "gross-zero"}), "b.xml", "network")
        site.poll(gate)
        while site.work_without_assembly(gate):
            pass
        answer.Answering(gate).run()
    site.change("partners/post-network.yaml", "[island-post, hill-post]", "[island-post]")
    (site.folder / "config/partners/hill-post.yaml").unlink()
    with site.gate() as gate:
        site.post(mail("MUA", 1, faults={1: "gross-zero"}), "a.xml", "network")
        site.run(gate)
        assert len(told(site, "in/island")) == 1 and told(site, "in/hill") == []
        with gate.journal.read() as conn:
            waits = {one.what: one.count for one in overview(gate, conn).waiting}
        assert waits == {"items quarantined": 2, "answer: partner is gone": 1} and work_left(gate) == 0
    site.change("partners/post-network.yaml", "[island-post]", "[island-post, hill-post]")
    site.partner("hill-post", MEMBER.replace("NAME", "hill-post").replace("CODE", "HIA").replace("WHERE", "in/hill"))
    with site.gate() as gate:
        site.run(gate)
        assert len(told(site, "in/hill")) == 1


def test_who_is_who(site):
    join(site)
    settings, _ = load(site.folder / "config/gateway.yaml")
    hub = Hub(settings)
    assert hub.sender("post-network.live", "MUA").partner == "island-post"
    assert hub.sender("post-network.live", "hill-post").partner == "hill-post"
    assert hub.sender("post-network.live", "NET") is None and hub.sender("post-network.live", "") is None
    assert hub.sender("example-post.live", "whoever").partner == "example-post", "a line of one's own"
    assert hub.sender("gone.live", "MUA") is None
    assert (hub.speaker("post-network.live", "MUA"), hub.speaker("gone.live", "MUA")) == ("island-post", "gone")
    assert hub.told("uk-h7", "post-network.live", "HIA") == "hill-post" and hub.told("uk-h7", "gone.live", "HIA") == ""
    assert hub.receiver("uk-customs.live", "customs/uk/h7", "uk-h7") == "uk-customs"
    assert hub.receiver("uk-customs.live", "customs/uk/h7", "gone") == "uk-customs"
    assert hub.receiver("gone.live", "customs/uk/h7", "gone") == "gone"
    rule = hub.rule("post-network.live", "upu/cusrsp-1", "in/hill")
    assert (rule.partner, rule.directory) == ("hill-post", "in/hill")
    assert hub.rule("gone.live", "upu/cusrsp-1", "in") is None
    assert (hub.mailbox("island-post"), hub.mailbox("gone")) == ("MUA", "gone")
