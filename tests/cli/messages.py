"""ITMATT messages of any length, with faults where a test wants them. Persons and numbers are invented."""

from collections.abc import Callable, Mapping

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<m33:interchange xmlns:m33="m33">
  <m33:message>
    <m33:msghead>
      <m33:sender>FRA</m33:sender>
      <m33:recipient>GBA</m33:recipient>
      <m33:prepared>2026-09-14T10:15:00Z</m33:prepared>
      <m33:control-reference>ITM00000000007</m33:control-reference>
      <m33:message-reference>1</m33:message-reference>
    </m33:msghead>
    <m33:msgbody>
      <m33:itmatt_1_5_0>
"""
ITEM = """        <m33:item>
          <m33:item-id>{id}</m33:item-id>
          <m33:posting-date>2026-09-12</m33:posting-date>
          <m33:mail-class>C</m33:mail-class>
          <m33:mail-category>A</m33:mail-category>
          <m33:nature-of-transaction>11</m33:nature-of-transaction>
          <m33:gross-weight>0.450</m33:gross-weight>
          <m33:postage currency="GBP">6.00</m33:postage>
          <m33:sender>
            <m33:name>Librairie Exemple</m33:name>
            <m33:id-ref>IM2500001234</m33:id-ref>
            <m33:address>
              <m33:line>5 rue Exemple</m33:line>
              <m33:postcode>75001</m33:postcode>
              <m33:city>Paris</m33:city>
              <m33:country>FR</m33:country>
            </m33:address>
          </m33:sender>
          <m33:recipient>
            <m33:name>Ada Specimen</m33:name>
            <m33:address>
              <m33:line>7 Example Avenue</m33:line>
              <m33:postcode>M1 1AA</m33:postcode>
              <m33:city>Manchester</m33:city>
              <m33:country>GB</m33:country>
            </m33:address>
            <m33:phone>+447700900002</m33:phone>
          </m33:recipient>
          <m33:content-piece>
            <m33:index>1</m33:index>
            <m33:number-of-units>2</m33:number-of-units>
            <m33:description>Porcelain tea cups</m33:description>
            <m33:net-weight>0.400</m33:net-weight>
            <m33:value currency="GBP">24.00</m33:value>
            <m33:hs-code>69111000</m33:hs-code>
            <m33:origin-country>FR</m33:origin-country>
          </m33:content-piece>
        </m33:item>
"""
TAIL = """      </m33:itmatt_1_5_0>
    </m33:msgbody>
  </m33:message>
</m33:interchange>
"""
WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def item_id(number: int) -> str:
    """A valid S10 number: check digit by UPU S10."""
    serial = f"{number:08}"
    rest = 11 - sum(w * int(d) for w, d in zip(WEIGHTS, serial, strict=True)) % 11
    return f"CP{serial}{ {10: '0', 11: '5'}.get(rest, str(rest)) }FR".replace(" ", "")


def itmatt(items: int, faults: Mapping[int, Callable[[str], str]] | None = None) -> str:
    """A message of so many items; `faults` spoils the text of single ones."""
    same = str
    texts = ((faults or {}).get(n, same)(ITEM.format(id=item_id(n))) for n in range(1, items + 1))
    return HEAD + "".join(texts) + TAIL


def replaced(old: str, new: str) -> Callable[[str], str]:
    def spoil(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return spoil
