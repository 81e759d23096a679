"""Formats, model paths and names of findings are asked of the tables in force."""

from types import SimpleNamespace

from gateway.findings import Finding
from gateway.settings import check_formats

ROUTES = "routes.yaml"


class Tables:
    """A registry of four formats."""

    def heads(self):
        directions = {
            "upu/itmatt-1.5": (True, True),
            "upu/cusrsp-1": (True, True),
            "customs/uk/h7": (False, True),
            "customs/uk/response": (True, False),
        }
        return [SimpleNamespace(format=name, reads=r, writes=w) for name, (r, w) in directions.items()]

    def listing(self, name):
        if name != "customs/uk/rules":
            raise FileNotFoundError(name)
        return SimpleNamespace(rows=[{"code": "XX1007", "rule": "R7"}, {"code": "", "rule": "R8"}])

    def law_faults(self, _name):
        return ()

    def takes_several(self, name):
        return name.startswith("upu/")


def faults(folder):
    settings, found = folder.load()
    assert not found
    checked = check_formats(settings.draft, Tables())
    return [(f.code, f.source.path.partition("/")[2], f.values.get("nearest")) for f in checked]


def test_sample_names_only_what_exists(folder):
    assert faults(folder) == []


def test_the_dated_tables_of_who_is_filed_with_are_looked_at(folder):
    class Broken(Tables):
        def law_faults(self, name):
            return (Finding("TGT607", values={"table": name}),)

    settings, _ = folder.load()
    assert [fault.values["table"] for fault in check_formats(settings.draft, Broken())] == ["customs/uk/h7"]


def test_unknown_format_has_a_suggestion(folder):
    folder.change("partners/uk-customs.yaml", "customs/uk/response:", "customs/uk/respons:")
    assert faults(folder) == [("CFG122", "partners/uk-customs.yaml:11:3", "`customs/uk/response`")]


def test_several_messages_in_a_file_need_a_format_that_holds_several(folder):
    folder.change("partners/uk-customs.yaml", '"{lrn}.xml", per_file: 1', '"{control_reference}.xml", per_file: 20')
    assert faults(folder) == [("DLV666", "partners/uk-customs.yaml:9:70", None)]


def test_a_receipt_of_what_nobody_answers_is_not_waited_for(folder):
    folder.change("partners/example-post.yaml", "every: 5m", "every: 5m, receipt_within: 30m")
    assert [code for code, *_ in faults(folder)] == ["DLV669"]


def test_format_in_the_wrong_direction(folder):
    folder.change("partners/uk-customs.yaml", "customs/uk/response:", "customs/uk/h7:")
    assert faults(folder) == [("CFG123", "partners/uk-customs.yaml:11:3", None)]


def test_unknown_model_path_has_a_suggestion(folder):
    folder.change(ROUTES, "consignee.address.country", "consignee.address.contry")
    folder.change(ROUTES, "mail_category", "mail_categori")
    assert faults(folder) == [
        ("CFG124", "routes.yaml:3:53", "`consignee.address.country`"),
        ("CFG124", "routes.yaml:3:85", "`mail_category`"),
    ]


GROUP = "group: {{items: 10, wait: 5m, by: [{by}]}}}}"


def test_a_format_for_one_parcel_takes_no_group(folder):
    folder.change(ROUTES, "as: customs/uk/h7}", "as: customs/uk/h7, " + GROUP.format(by="nature"))
    assert [(code, place) for code, place, _ in faults(folder)] == [("RTE150", "routes.yaml:4:47")]


def test_what_is_alike_is_a_path_of_the_model_or_a_part_of_a_value(folder):
    folder.change("partners/uk-customs.yaml", "customs/uk/h7:", "customs/uk/h7-grouped:")
    by = "postage.currency, postage.curency, consignor.adress.country"
    folder.change(ROUTES, "as: customs/uk/h7}", "as: customs/uk/h7-grouped, " + GROUP.format(by=by))
    assert [found for found in faults(folder) if found[0] == "CFG124"] == [
        ("CFG124", "routes.yaml:4:107", "`postage.currency`"),
        ("CFG124", "routes.yaml:4:124", "`consignor.address`"),
    ]


def test_unknown_name_of_a_finding_has_a_suggestion(folder):
    folder.change(ROUTES, "{default: hold}", "{default: hold, hs.mising: hold}")
    assert faults(folder) == [("CFG125", "routes.yaml:5:29", "`hs.missing`")]


def test_finding_that_always_quarantines_cannot_be_relaxed(folder):
    folder.change(ROUTES, "{default: hold}", "{default: hold, s10.check_digit: warn}")
    assert [code for code, _, _ in faults(folder)] == ["RTE107"]


def test_unknown_setting_of_an_administration_has_a_suggestion(folder):
    folder.change("partners/uk-customs.yaml", "declarant-id:", "declarent-id:")
    assert faults(folder) == [("CFG127", "partners/uk-customs.yaml:12:12", "`declarant-id`")]


def test_a_route_may_name_a_rule_by_the_authoritys_own_code(folder):
    folder.change("routes.yaml", "findings: {", "findings: {XX1007: warn, R8: file, ")
    assert faults(folder) == []


def test_a_code_that_the_authority_does_not_have_has_a_suggestion(folder):
    folder.change("routes.yaml", "findings: {", "findings: {XX1070: warn, ")
    ((code, _, near),) = faults(folder)
    assert (code, near) == ("CFG125", "`XX1007`")


def test_only_what_customs_takes_amendments_of_is_amended_by_itself(folder):
    folder.change(ROUTES, "  findings:", "  change: amend\n  findings:")
    assert faults(folder) == []
    folder.change(ROUTES, "as: customs/uk/h7", "as: upu/cusrsp-1")
    folder.change("partners/uk-customs.yaml", "customs/uk/h7:", "upu/cusrsp-1:")
    assert ("RTE144", "routes.yaml:5:11", None) in faults(folder)
