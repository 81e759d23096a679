"""A table, a case and a configuration whose every text wants to be markup."""

import pytest
from lxml import html

from gateway.mapping.registry import Registry
from gateway.workbench.document.book import book
from gateway.workbench.document.shell import css_text
from gateway.workbench.document.words import Words
from tests.workbench.document.conftest import DAY

EVIL = "</style></script><img src=x onerror=alert(1)>"
TABLE = f"""\
format: test/evil
title: "{EVIL}"
basis: "{EVIL} 100% %(x)s"
syntax: xml
namespaces: {{"": t}}
record: Consignment
root: a/b
fields:
  id: {{is: item_id, note: "{EVIL} %(x)s", hint: "{EVIL}"}}
  kind: {{is: nature, codes: evil}}
  fixed: {{constant: "{EVIL}"}}
"""
CASE = """\
<a xmlns="t"><b><id>&lt;script>alert(1)&lt;/script></id><kind>1</kind></b></a>
"""


@pytest.fixture
def pages(tmp_path):
    (tmp_path / "test" / "cases" / "evil").mkdir(parents=True)
    (tmp_path / "test" / "evil.yaml").write_text(TABLE)
    (tmp_path / "test" / "cases" / "evil" / "one.in").write_text(CASE)
    (tmp_path / "test" / "cases" / "evil" / "one.out").write_text("{}\n")
    (tmp_path / "codes").mkdir()
    (tmp_path / "codes" / "evil.csv").write_text(f'message,model,label,note\n1,11,"{EVIL}","{EVIL}"\n')
    return dict(book(Registry((tmp_path,)), ("test/evil",), DAY, Words("fr"), sheets=True))


def test_nothing_becomes_markup(pages):
    for name in ("test-evil.html", "index.html"):
        page = html.fromstring(pages[name])
        assert not page.findall(".//img"), name
        assert len(page.findall(".//script")) == 1 and len(page.findall(".//style")) == 1, name
        assert "onerror" not in {key for element in page.iter() for key in getattr(element, "attrib", {})}


def test_everything_is_said_all_the_same(pages):
    said = html.fromstring(pages["test-evil.html"]).text_content()
    assert said.count(EVIL) >= 5
    assert "<script>alert(1)</script>" in said
    assert EVIL in pages["test-evil.csv"]


def test_a_title_cannot_leave_the_style_sheet():
    assert css_text('"; } </style>') == r"\22 \3b  \7d  \3c \2f style\3e "
