"""Whatever a file holds: it is read within bounds, what is wrong is told, nothing of it gets out, the rest goes on."""

import json
import re

import pytest

from tests.hostile.files import CANARY, every
from tests.hostile.judge import Judge

FILES = dict(every())
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@pytest.fixture(scope="module")
def judge(tmp_path_factory):
    with Judge(tmp_path_factory.mktemp("hostile")) as judge:
        yield judge


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_read_within_bounds_and_told(judge, name):
    file = FILES[name]
    said = judge.read(file.format, file.data())
    assert said["code"] in {0, 1}, said["err"][-2000:]
    assert said["megabytes"] < 700
    assert "Traceback" not in said["err"] and not CONTROL.search(said["out"] + said["err"])
    assert CANARY not in said["out"] + said["err"], "a finding masks what it quotes"
    assert "root:x:0" not in said["out"] + said["err"], "no file of this machine is opened"
    answer = json.loads(said["out"])
    codes = {finding["code"] for finding in answer["findings"]}
    (told,) = answer["data"]["files"]
    if file.fate == "refused":
        assert told["records"] == 0 and codes and (not file.codes or codes & file.codes), codes
    elif file.fate == "item":
        assert codes if not file.codes else codes & file.codes, codes
        assert told["records"] >= 1, "the others are read"
    else:
        assert not file.codes or codes & file.codes, codes
