"""What a table calls itself becomes no code of its compiled functions."""

import json
from datetime import date

import pytest

from gateway.mapping.registry import Registry
from gateway.model import Consignment

ON = date(2026, 9, 14)
NAMES = ('x"""\n    raise RuntimeError\n    """', "x\\", 'x"', "x\\\n", 'x"""')


@pytest.mark.parametrize("syntax", ["xml", "json"])
@pytest.mark.parametrize("name", NAMES)
def test_a_format_may_be_called_anything(name, syntax, tmp_path):
    head = {"format": name, "title": name, "basis": name, "syntax": syntax, "record": "Consignment", "root": "parcel"}
    fields = {"fields": {"id": {"is": "item_id", "note": name}}}
    (tmp_path / "x.yaml").write_text(json.dumps(head | fields))
    form = Registry([tmp_path]).format(name, ON)
    assert form.reader
    assert "RR1" in (form.write(Consignment(item_id="RR1")).text or "")
