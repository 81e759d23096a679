from gateway.model.dictionary import ROOTS, fields, records
from gateway.model.labels import group, groups, label, wco_name

UNNAMED = {"11B", "75B", "89A", "D008", "D023", "D024", "R045"}  # not in the schemas that are published


def test_every_field_of_the_model_has_a_label():
    named = [(name, field) for name, record in records().items() for field in fields(record)]
    assert [place for place in named if not label(*place)] == []


def test_every_field_of_a_top_record_belongs_to_a_group():
    top = [(record.__name__, field) for record in ROOTS for field in fields(record)]
    assert [place for place in top if group(*place) not in groups()] == []


def test_a_field_that_does_not_exist_has_no_label():
    assert label("Consignment", "no_such_field") == "" == group("Consignment", "no_such_field")


def test_every_wco_id_of_the_model_has_its_name():
    ids = {wco_id for record in records().values() for field in fields(record).values() for wco_id in field.wco}
    assert {wco_id for wco_id in ids if not wco_name(wco_id)} == UNNAMED
