"""One row of a code list from edit to diff to reload, while files are on their way: each file under one ruleset."""

import re
import signal
from pathlib import Path

import pytest

from gateway.demo.scene import POST
from gateway.mapping.registry import shipped
from tests.acceptance.daemon import ITEM, Books, answer, balanced, gateway, running, until

LIST = "codes/upu/document-type.csv"
TYPE = re.compile(rb"<AdditionalDocument>.*?<TypeCode>(\d+)</TypeCode>.*?</AdditionalDocument>", re.DOTALL)
WRITTEN = "Declaration/GoodsShipment/GovernmentAgencyGoodsItem/AdditionalDocument/TypeCode"
INVOICE, PROFORMA = "380", "325"


@pytest.fixture
def tables(scene):
    """The site's own folder of tables, empty at first."""
    folder = scene.settings.parent.parent / "tables"
    folder.mkdir()
    text = scene.settings.read_text()
    scene.settings.write_text(text.replace("workers: 2}", "workers: 2, mappings: ../tables}"))
    return folder


def edit(tables, old="N380", new="N325"):
    """The sender's invoices are proforma invoices from now on: one row of one list."""
    lines = (Path(shipped()) / LIST).read_text().splitlines(keepends=True)
    target = tables / LIST
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("".join(line.replace(old, new) if line.startswith("IV,") else line for line in lines))


def abroad(data, first, last):
    """Items from `first` to `last` go to a country that no route serves: they are read, held, and filed nowhere."""
    items = data.split(b"<item>")
    there = re.compile(rb"(<recipient>.*?<country>)GB(</country>)", re.DOTALL)
    middle = [there.sub(rb"\1DK\2", item) for item in items[first : last + 1]]
    return b"<item>".join([*items[:first], *middle, *items[last + 1 :]])


def declared(scene):
    """What customs received: the types of documents by item."""
    found = {}
    for receipt in scene.customs.receipts():
        data = scene.customs.read(receipt)
        found[ITEM.search(data)[1].decode()] = [each.decode() for each in TYPE.findall(data)]
    return found


def names(data):
    return [each.decode() for each in re.findall(rb"<item-id>(\w+)</item-id>", data)]


def rulesets(scene, name):
    """The rulesets of a file, of its items and of their filings."""
    query = """select distinct file.ruleset, item.ruleset, filing.ruleset from file
               join item on item.file = file.id left join filing on filing.item = item.id
               where file.name = ?"""
    return {hash_ for row in Books(scene.settings).ask(query, name.encode()) for hash_ in row if hash_}


def done_after_reload(scene, name):
    """Batches of a file that were done before and after the ruleset changed."""
    query = """select audit.seq > (select max(seq) from audit where subject = 'ruleset'), count(*)
               from audit join batch on audit.subject = batch.id join file on file.id = batch.file
               where file.name = ? and audit.after = 'done' group by 1"""
    return dict(Books(scene.settings).ask(query, name.encode()))


@pytest.mark.slow
def test_one_row_from_edit_to_diff_to_reload_with_files_on_their_way(scene, mail, tables):
    before, long, after = mail(40, seed=1), abroad(mail(6000, seed=2), 40, 5960), mail(60, seed=3)
    waiting = scene.settings.parent.parent / "after.xml"
    waiting.write_bytes(after)
    with running(scene.settings) as daemon:
        scene.post.publish("before.xml", before)
        until(lambda: len(declared(scene)) == 40)
        edit(tables)

        past = answer(scene.settings, "mapping", "diff", "in-force", "disk", "--journal")
        told = answer(scene.settings, "mapping", "diff", "in-force", "disk", str(waiting), "--from", f"{POST}.live")
        (old,) = rulesets(scene, "before.xml")

        scene.post.publish("long.xml", long)
        until(lambda: Books(scene.settings).ask("select 1 from batch where state = 'done' and items > 60 limit 1"))
        daemon.process.send_signal(signal.SIGHUP)
        until(lambda: daemon.events("gateway.reloaded"))
        now = answer(scene.settings, "status")["ruleset"]
        assert now["in_force"] == now["disk"] != old
        scene.post.publish("after.xml", after)
        wanted = {*names(before), *names(after), *names(long)[:39], *names(long)[5960:]}
        until(lambda: set(declared(scene)) >= wanted, moves=lambda: len(scene.customs.receipts()))
        until(lambda: Books(scene.settings).file("long.xml") == "read")

    found = declared(scene)
    assert done_after_reload(scene, "long.xml").keys() == {0, 1}, "the long file was under way when the row changed"
    assert rulesets(scene, "before.xml") == rulesets(scene, "long.xml") == {old}
    assert rulesets(scene, "after.xml") == {now["in_force"]}
    assert {each for name in (*names(before), *names(long)) for each in found.get(name, ())} == {INVOICE}
    assert {each for name in names(after) for each in found[name]} == {PROFORMA}

    changed = {one["what"]: one for one in told["changes"]}
    assert changed.keys() == {"documents.type", WRITTEN}
    assert changed[WRITTEN]["changes"] == sum(len(found[name]) for name in names(after))
    assert changed[WRITTEN]["items"] == sum(bool(found[name]) for name in names(after))
    (was,) = [one for one in past["changes"] if one["what"] == WRITTEN]
    assert was["changes"] == sum(len(found[name]) for name in names(before))
    assert {(one["before"], one["after"]) for one in was["examples"]} == {(INVOICE, PROFORMA)}
    assert balanced(scene.settings)


def test_the_command_says_which_ruleset_was_and_is_in_force(scene, mail, tables):
    with running(scene.settings):
        scene.post.publish("a.xml", mail(2, seed=1))
        until(lambda: len(declared(scene)) == 2)
        edit(tables)
        done = answer(scene.settings, "reload")
        assert done["reloaded"] and {done["before"]} == rulesets(scene, "a.xml")
        assert answer(scene.settings, "reload") == {
            "before": done["in_force"], "in_force": done["in_force"], "reloaded": False
        }  # fmt: skip
        scene.post.publish("b.xml", mail(2, seed=2))
        until(lambda: len(declared(scene)) == 4)
        assert rulesets(scene, "b.xml") == {done["in_force"]}


def test_a_table_with_a_fault_is_not_taken_up_and_the_daemon_goes_on(scene, mail, tables):
    with running(scene.settings) as daemon:
        scene.post.publish("a.xml", mail(2, seed=1))
        until(lambda: len(declared(scene)) == 2)
        broken = tables / "upu" / "itmatt-1.5.yaml"
        broken.parent.mkdir()
        broken.write_text((Path(shipped()) / "upu/itmatt-1.5.yaml").read_text().replace("check: s10", "chek: s10"))
        said = gateway(scene.settings, "reload")
        assert said.returncode == 3
        assert "chek" in said.stderr
        daemon.process.send_signal(signal.SIGHUP)
        until(lambda: daemon.events("gateway.reload_refused"))
        scene.post.publish("b.xml", mail(2, seed=2))
        until(lambda: len(declared(scene)) == 4)
        assert rulesets(scene, "a.xml") == rulesets(scene, "b.xml")


def test_a_change_that_needs_a_restart_is_refused(scene, tables):
    with running(scene.settings) as daemon:
        edit(tables)
        routes = scene.settings.parent / "routes.yaml"
        routes.write_text(routes.read_text().replace("default: hold", "default: warn"))
        said = gateway(scene.settings, "reload")
        assert said.returncode == 1
        assert "not taken up" in said.stderr
        assert daemon.events("gateway.reload_refused") and not daemon.events("gateway.reloaded")


def test_without_a_daemon_there_is_nothing_to_reload(scene, tables):
    with running(scene.settings):
        pass
    edit(tables)
    said = gateway(scene.settings, "reload")
    assert said.returncode == 1
    assert "no gateway runs" in said.stderr
