from pathlib import Path

import msgspec

from gateway.demo import story
from gateway.demo.tally import Tally

TALLY = Tally(
    files=1,
    items=1_300,
    states={"accepted": 1_280, "held": 12, "quarantined": 8},
    faults={
        "held": {"SRC332": 9, "SRC354": 3},
        "quarantined": {"SRC301": 5, "SRC220": 3},
        "held_back": {"TGT555": 3},
    },
    filings=1_280,
    held_back=3,
    outcomes={"cleared": 1_200, "rejected": 80},
    decisions={"accepted": 1_200, "cleared": 1_200, "rejected": 80},
    answers=100,
    answer_files=2,
)


def test_every_number_stands_beside_what_it_counts():
    told = [line.split(maxsplit=1) for line in story.numbers(TALLY)]
    assert [number for number, _ in told] == (
        ["1,300", "1,280", "1,200", "80", "3", "3", "12", "9", "3", "8", "5", "3", "2,480", "100"]
    )
    assert told[0][1] == "items received in 1 file"
    assert told[3][1] == "rejected"
    assert told[10][1] == "SRC301 s10.check_digit"
    assert told[-1][1] == "answers to the post in 2 files"


def test_reasons_stand_under_what_became_of_the_parcels():
    told = [line.split()[1] for line in story.numbers(TALLY)]
    held, quarantined, back = (told.index(word) for word in ("held", "quarantined:", "declarations"))
    assert told[back + 1 : held] == ["TGT555"]
    assert told[held + 1 : quarantined] == ["SRC332", "SRC354"]
    assert told[quarantined + 1 : quarantined + 3] == ["SRC301", "SRC220"]


def test_of_many_reasons_the_most_frequent_are_named_and_the_others_counted():
    codes = ["SRC331", "SRC332", "SRC333", "SRC335", "SRC341", "SRC354", "SRC372", "SRC381"]
    many = msgspec.structs.replace(TALLY, faults={"held": {code: 9 - n for n, code in enumerate(codes)}})
    told = [line.split(maxsplit=1) for line in story.numbers(many)]
    assert ["3", "SRC354 value.missing"] not in told and ["4", "SRC354 value.missing"] in told
    assert ["5", "for 2 other reasons"] in told


def test_states_that_nothing_is_in_are_not_told():
    assert not [line for line in story.numbers(TALLY) if line.split()[1] in ("returned", "known")]


def test_commands_can_be_pasted():
    tried = list(story.commands("gateway", Path("a folder/gateway.yaml"), "DEMOA"))
    assert "gateway status --config 'a folder/gateway.yaml'" in tried
    assert "gateway explain DEMOA --config 'a folder/gateway.yaml'" in tried


def test_nothing_is_explained_when_nothing_was_rejected():
    assert not [line for line in story.commands("gateway", Path("g.yaml"), "") if "explain" in line]
