"""The lists that are shipped empty as an operator fills them: few codes of our own, or those that customs publishes."""

import csv

from gateway.checks.lists import rows

OF_CUSTOMS = {
    "additional-procedures": ("10027", "000 C07 C08 F48 F49"),
    "additional-references": ("10272", "Y001"),
    "countries": ("10203", "BR DK GB US"),
    "customs-offices": ("10230", "DK005600"),
    "previous-documents": ("10273", "N337 NMRN"),
    "statements": ("11000", "00200 00500"),
    "supporting-documents": ("10275", "N380 N935"),
    "transport-documents": ("10276", "N740 N741 N750"),
}
"""Each list with its number in the publication, and enough of it for the declarations of these tests."""
OF_COMMODITIES = {
    "supplementary-units": "6401",
    **dict.fromkeys(("excluded-c07", "not-with-c07", "excluded-c08", "forbidden", "prohibited", "restricted"), "2402"),
}
OWN = {name: codes for name, (_, codes) in OF_CUSTOMS.items()} | OF_COMMODITIES | {"locations": "DKCPH"}


def own():
    """Every list with some codes."""
    return _over(OWN)


def published(shared):
    """The same with the lists of customs whole."""
    with (shared / "dk-dms" / "dk-codelists.csv").open(encoding="utf-8", newline="") as stream:
        known = [(row["list"], row["code"]) for row in csv.DictReader(stream)]
    whole = {name: " ".join(code for one, code in known if one == number) for name, (number, _) in OF_CUSTOMS.items()}
    return _over(OWN | whole)


def _over(codes):
    """These lists before what is shipped."""
    filled = {
        f"customs/dk/{name}": [
            {"code": code, "valid_from": "", "valid_to": "", "source": "own"} for code in said.split()
        ]
        for name, said in codes.items()
    }

    def lists(name):
        return iter(filled[name]) if name in filled else rows(name)

    return lists
