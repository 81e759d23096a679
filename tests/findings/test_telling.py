"""What customs say reaches a sender as words, never as marks that turn or steer what is shown."""

import re

from hypothesis import given
from hypothesis import strategies as st

from gateway.findings.telling import clean, told

STEERING = "[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]"
TEXTS = st.text(st.sampled_from("a \x1b\r\n\x00\x85\x9b\u202e\u2066\u2069\u2028\u2029\u00e9"), max_size=30)


@given(TEXTS, TEXTS, TEXTS)
def test_no_part_of_what_is_told_steers_a_terminal_or_turns_a_line(text, value, element):
    assert not re.search(STEERING, told(text, "Name", value, element))


@given(st.text(st.characters(categories=("L", "N", "P", "S", "Zs"))))
def test_words_stay_as_they_are(text):
    assert clean(text) == text
