"""Names of elements and attributes where the syntax is one of markup: what else would be written could not be read.

XML 1.0 §2.3 and Namespaces in XML §3: a letter or `_`, then letters, digits, `.`, `-`, `_`, in every script.
"""

import re
from collections.abc import Iterator

from gateway.findings.finding import Finding
from gateway.mapping.faults import fault
from gateway.mapping.lint.subject import Subject, walk

_NAME = re.compile(r"[^\W\d][\w.\-]*")


def names(subject: Subject) -> Iterator[Finding]:
    """Names that rows use and markup has not."""
    for element in walk(subject.document):
        row = subject.row(element)
        for name in (element.path.rpartition("/")[2], *(attribute.name for attribute in element.attributes)):
            local = name.rpartition("}")[2]
            if row and not _NAME.fullmatch(local):
                yield fault("MAP159", subject.place(row), name=local)
