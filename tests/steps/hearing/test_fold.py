"""Where a filing stands does not depend on the order or number of what customs says."""

from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.model import Amount, Decision, Release, Tax
from gateway.model.outcomes import outcome, outcomes, said
from gateway.steps.hearing.fold import Standing, fold, is_final
from gateway.steps.hearing.words import Word, heard, spelt

MORNING, NOON, EVENING = (f"2026-09-14T{hour}:00:00Z" for hour in ("08", "12", "18"))
NAMES = [one.name for one in outcomes()]
WORDS = st.builds(
    Word,
    st.sampled_from([*NAMES, "a word that nobody knows"]),
    st.sampled_from(["", "1", "2", "10"]),
    st.sampled_from(["", MORNING, NOON, EVENING]),
    st.sampled_from(["", "", "26DKCOR00000000009"]),
    st.lists(st.tuples(st.integers(1, 3), st.booleans()), max_size=2, unique_by=lambda pair: pair[0]).map(tuple),
    st.sampled_from(["", "2026-09-21"]),
)

# Six answers as customs really gives them, and where each story ends.
STORIES = {
    "under control, released": (
        [
            Word("received", "1", MORNING),
            Word("accepted", "1", MORNING),
            Word("under_control", "1", NOON),
            Word("information_requested", "1", NOON, deadline="2026-09-21"),
            Word("duty_assessed", "1", EVENING),
            Word("released", "1", EVENING),
        ],
        "released",
    ),
    "item by item": (
        [
            Word("accepted", "1", MORNING),
            Word("held", "1", NOON, releases=((2, False),)),
            Word("released", "1", NOON, releases=((1, True),)),
            Word("duty_assessed", "1", NOON),
            Word("notice", "1", EVENING),
            Word("request_denied", "", EVENING, request="26DKINV00000000001"),
        ],
        "partly_released",
    ),
    "two amendments in flight": (
        [
            Word("accepted", "1", MORNING),
            Word("cleared", "1", MORNING),
            Word("changed_by_customs", "2", NOON),
            Word("changed_by_customs", "3", NOON),
            Word("cleared", "3", EVENING),
            Word("released", "3", EVENING),
        ],
        "cleared",
    ),
    "do not load": (
        [
            Word("accepted", "1", MORNING),
            Word("do_not_load", "1", NOON),
            Word("assessment_complete", "1", NOON),
            Word("accepted", "2", EVENING),
            Word("held", "2", EVENING),
            Word("do_not_load", "1", NOON),
        ],
        "do_not_load",
    ),
    "seized after release": (
        [
            Word("released", "1", MORNING),
            Word("detained", "1", NOON),
            Word("accepted", "1", EVENING),
            Word("payment_requested", "1", EVENING),
            Word("detained", "1", NOON),
            Word("notice", "1", EVENING),
        ],
        "detained",
    ),
    "cancelled": (
        [
            Word("rejected", "", MORNING),
            Word("accepted", "1", NOON),
            Word("request_granted", "", EVENING, request="26DKINV00000000001"),
            Word("cancelled", "1", EVENING),
            Word("notice", "", EVENING, request="26DKINV00000000001"),
            Word("duty_assessed", "1", NOON),
        ],
        "cancelled",
    ),
}


@pytest.mark.parametrize("name", STORIES)
def test_all_orders_of_six_answers_end_in_one_standing(name):
    words, end = STORIES[name]
    standings = {fold(order) for order in permutations(words)}
    assert [one.outcome for one in standings] == [end]


@given(st.lists(WORDS, max_size=6), st.randoms())
def test_order_and_repetition_make_no_difference(words, chance):
    shuffled = [*words, *words]
    chance.shuffle(shuffled)
    assert fold(shuffled) == fold(words)


@given(st.lists(WORDS, min_size=6, max_size=6, unique=True))
def test_any_six_answers_of_the_model_give_one_standing_in_whatever_order_they_come(words):
    assert len({fold(order) for order in permutations(words)}) == 1


@given(st.lists(WORDS, max_size=6))
@example([Word("notice", "2"), Word("received"), Word("accepted", "1")])
def test_what_is_no_state_never_changes_one(words):
    beside = [word for word in words if outcome(word.outcome).aspect == "state"]
    there, without = fold(words), fold(beside)
    if beside:
        assert (there.outcome, there.goods, there.final) == (without.outcome, without.goods, without.final)


@given(st.lists(WORDS, max_size=6))
def test_a_block_ends_by_an_explicit_release_only(words):
    blocked = [Word("do_not_load", "1", MORNING), *words]
    if not any(outcome(word.outcome).frees or outcome(word.outcome).sticky or word.releases for word in words):
        assert fold(blocked).outcome == "do_not_load"


def test_a_later_release_lifts_a_block_and_an_earlier_one_does_not():
    block = Word("do_not_load", "1", NOON)
    assert fold([block, Word("accepted", "1", EVENING)]).outcome == "do_not_load"
    assert fold([block, Word("released", "1", EVENING)]).outcome == "released"
    assert fold([block, Word("released", "1", MORNING)]).outcome == "do_not_load"


def test_a_refused_request_does_not_reject_the_declaration():
    refused = Decision(outcome="rejected", request_reference="26DKCOR00000000009")
    words = [Word("accepted", "1", MORNING), Word(said(refused), "", NOON, request="26DKCOR00000000009")]
    assert fold(words) == Standing("accepted", requests=(("26DKCOR00000000009", "request_denied"),))


def test_a_request_is_open_until_it_is_answered():
    words = [Word("accepted", "1", MORNING), Word("notice", "", NOON, request="26DKINV00000000001")]
    assert fold(words).requests == (("26DKINV00000000001", "open"),)
    words.append(Word("request_granted", "", EVENING, request="26DKINV00000000001"))
    assert fold(words).requests == (("26DKINV00000000001", "request_granted"),)


def test_released_after_cleared_says_nothing_new():
    assert fold([Word("cleared", "1", NOON), Word("released", "1", EVENING)]).outcome == "cleared"
    assert fold([Word("cleared", "1", NOON), Word("partly_released", "1", EVENING)]).outcome == "cleared"


def test_a_newer_version_counts_before_a_later_time():
    assert fold([Word("rejected", "1", EVENING), Word("accepted", "2", NOON)]).outcome == "accepted"


def test_an_answer_without_a_version_is_about_the_newest_of_its_time():
    words = [Word("accepted", "1", MORNING), Word("accepted", "2", EVENING), Word("cleared", "", NOON)]
    assert fold(words).outcome == "accepted"
    assert fold([*words[:1], words[2]]).outcome == "cleared"


def test_a_version_that_is_no_number_of_nine_digits_is_none():
    words = [Word("accepted", "9" * 5000, MORNING), Word("cleared", "1", NOON), Word("received", "²", MORNING)]
    assert fold(words).outcome == "cleared"


def test_one_goods_item_may_go_while_another_waits():
    words = [
        Word("accepted", "1", MORNING),
        Word("released", "1", NOON, releases=((1, True),)),
        Word("held", "1", NOON, releases=((2, False),)),
    ]
    assert fold(words) == Standing("partly_released", blocks_goods=True, goods=((1, "released"), (2, "held")))


def test_goods_items_that_are_all_free_wait_for_the_word_on_the_whole():
    words = [Word("held", "1", MORNING), Word("partly_released", "1", NOON, releases=((1, True), (2, True)))]
    assert fold(words).outcome == "partly_released"
    whole = fold([*words, Word("cleared", "1", EVENING)])
    assert (whole.outcome, whole.final, whole.goods) == ("cleared", True, ((1, "cleared"), (2, "cleared")))


def test_one_goods_item_kept_back_after_a_release_makes_it_a_part():
    words = [Word("released", "1", MORNING), Word("held", "1", NOON, releases=((2, False),))]
    assert fold(words) == Standing("partly_released", blocks_goods=True, goods=((2, "held"),))


def test_a_seized_goods_item_stays_seized_while_the_rest_moves_on():
    words = [
        Word("detained", "1", MORNING, releases=((2, False),)),
        Word("accepted", "1", NOON),
        Word("partly_released", "1", EVENING, releases=((1, True), (2, False))),
    ]
    assert fold(words).goods == ((1, "released"), (2, "detained"))


def test_money_stands_beside_the_state_and_the_newest_amount_counts():
    old, new = (Tax(type="B00", amount=Amount(Decimal(text), "DKK")) for text in ("275.00", "300.00"))
    standing = fold(
        [
            Word("accepted", "1", MORNING),
            Word("payment_requested", "1", EVENING, taxes=(new,), total=new.amount, deadline="2026-09-21"),
            Word("duty_assessed", "1", NOON, taxes=(old,), total=old.amount),
        ]
    )
    assert (standing.outcome, standing.duty, standing.blocks_goods) == ("accepted", "payment_requested", True)
    assert (standing.taxes, standing.total, standing.deadline) == ((new,), new.amount, "2026-09-21")


def test_goods_that_are_free_wait_for_no_money():
    words = [Word("payment_requested", "1", MORNING), Word("released", "1", NOON)]
    assert fold(words) == Standing("released", final=True, duty="payment_requested")


def test_a_deadline_ends_with_a_release():
    asked = Word("information_requested", "1", MORNING, deadline="2026-09-21")
    assert fold([asked, Word("under_control", "1", NOON)]).deadline == "2026-09-21"
    assert fold([asked, Word("cleared", "1", NOON)]).deadline == ""


def test_nothing_said_is_no_outcome():
    assert fold([]) == Standing() and not is_final("") and is_final("cleared")
    assert fold([Word("a word that nobody knows"), Word("notice")]) == Standing()


def test_a_decision_that_keeps_a_goods_item_back_is_a_release_in_part():
    kept = Decision(outcome="released", releases=(Release(goods_item=1, released=True), Release(released=False)))
    assert said(kept) == "partly_released"
    assert said(Decision()) == said(Decision(outcome="of tomorrow")) == "notice"


@given(st.dictionaries(st.integers(1, 99999), st.booleans(), max_size=5))
def test_the_journal_keeps_which_goods_items_may_go(items):
    releases = [Release(goods_item=number, released=free) for number, free in items.items()]
    row = {"outcome": "partly_released", "version": None, "issued_at": None, "request": None}
    word = heard(row | {"releases": spelt(releases)})
    assert word == Word("partly_released", releases=tuple(sorted(items.items())))
