"""A resend is recognised whether its layout or its tables changed, not when it says something else."""

from gateway.steps.working.content import content_hash, same_content


def test_layout_makes_no_difference():
    assert same_content(content_hash(b"<a>\n  <b>1</b>\n</a>", b"{}"), content_hash(b"<a><b>1</b></a>", b"{other}"))


def test_another_prefix_with_the_same_record_is_the_same():
    assert same_content(content_hash(b"<a/>", b"{}"), content_hash(b"<m:a/>", b"{}"))


def test_another_value_is_another_content():
    assert not same_content(content_hash(b"<a>1</a>", b"1"), content_hash(b"<a>2</a>", b"2"))


def test_it_fits_its_column():
    assert len(content_hash(b"", b"")) <= 64
