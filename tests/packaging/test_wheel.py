"""The installed wheel away from the checkout: tables found, an overlay adds to them, a partner is a few lines."""

import json
import zipfile

NEW_FORMAT = """\
format: example/parcel-list-1
title: Parcel list of an example carrier
basis: made up for this test
syntax: xml
record: Message
root: parcels[@version='1']
fields:
  carrier: sender
  parcel:
    is: consignments
    fields:
      barcode:    {is: item_id, required: true, check: s10}
      posted:     {is: posted_at, date: iso}
      kilograms:  {is: gross_mass, unit: KGM}
      to/name:    consignee.name
      to/country: {is: consignee.address.country, check: iso3166}
      line:
        is: goods_items
        fields:
          text:   description
          pieces: quantity
          price:  {is: value, currency: "@currency"}
"""

NEW_MESSAGE = """\
<?xml version="1.0" encoding="UTF-8"?>
<parcels version="1">
  <carrier>EXAMPLE</carrier>
  <parcel>
    <barcode>RR473124829FR</barcode><posted>2026-09-13</posted><kilograms>0.420</kilograms>
    <to><name>Ana Example</name><country>GB</country></to>
    <line><text>Cotton shirt, knitted</text><pieces>2</pieces><price currency="EUR">24.00</price></line>
    <line><text>Ceramic mug</text><pieces>1</pieces><price currency="EUR">11.50</price></line>
  </parcel>
  <parcel>
    <barcode>RR473124832FR</barcode><posted>2026-09-13</posted><kilograms>1.1</kilograms>
    <to><name>Bo Example</name><country>GB</country></to>
    <line><text>Children's book</text><pieces>1</pieces><price currency="EUR">9.90</price></line>
  </parcel>
</parcels>
"""

NEW_PARTNER = """\
partner: new-post
party: {name: New Post, role: post, country: PT, ids: {upu: PTA}}
timezone: Europe/Lisbon
connections:
  live: {environment: production, sftp: gw@edi.example.org:2222, key: credential:sftp.new-post, host_keys: [KEY]}
  test: {environment: test, sftp: gw@edi-test.example.org, key: credential:sftp.new-post-test, host_keys: [KEY]}
sends:
  upu/itmatt-1.5: {from: out/*.xml, complete: stable 2 polls 30s, after: delete}
receives:
  upu/cusrsp-1: {to: in, name: "{control_reference}.xml", per_file: 200}
quiet: {warn: 12h}
"""
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtt9BeozASVxdqCC/sAVBaE3IWgFPT+FD1dhH7egtl9"


def test_wheel_holds_tables_configuration_and_nothing_of_the_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"gateway", "adapters"}
    for needed in (
        "_mappings/upu/itmatt-1.5.yaml",
        "_mappings/customs/uk/h7.yaml",
        "_config/demo/uk-customs/script.yaml",
    ):
        assert f"gateway/{needed}" in names


def test_tables_are_found_in_the_wheel(installed):
    names = {head["format"] for head in installed.json("formats")["formats"]}
    assert {"upu/itmatt-1.5", "upu/cusrsp-1", "customs/uk/h7", "customs/uk/response"} <= names
    asked = "from gateway.mapping.registry import shipped; print(shipped())"
    assert installed.run("-c", asked, program="python").stdout.strip() == str(installed.site / "gateway" / "_mappings")


def test_a_new_format_is_one_file_in_the_overlay(installed, tmp_path):
    tables = tmp_path / "tables"
    (tables / "example").mkdir(parents=True)
    (tables / "example" / "parcel-list-1.yaml").write_text(NEW_FORMAT)
    message = tmp_path / "parcels.xml"
    message.write_text(NEW_MESSAGE)
    done = installed.run("read", message, "--tables", tables)
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record["item_id"] for record in records] == ["RR473124829FR", "RR473124832FR"]
    assert [goods["description"] for goods in records[0]["goods_items"]] == ["Cotton shirt, knitted", "Ceramic mug"]
    assert "example/parcel-list-1" in installed.run("formats", "--tables", tables).stdout


def test_a_new_partner_is_at_most_fifteen_lines(installed, tmp_path):
    site = tmp_path / "site"
    assert installed.run("init", site).returncode == 0
    (site / "partners" / "new-post.yaml").write_text(NEW_PARTNER.replace("KEY", KEY))
    assert len(NEW_PARTNER.splitlines()) <= 15
    done = installed.run("config", "validate", site)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_partner_of_the_sample_is_at_most_fifteen_lines(installed, tmp_path):
    installed.run("init", tmp_path / "site")
    partners = list((tmp_path / "site" / "partners").glob("*.yaml"))
    assert partners
    assert all(len(file.read_text().splitlines()) <= 15 for file in partners)
