"""Which elements of the model a table reaches: both ways, one way, by filters, by alternatives, by code lists."""

from gateway.mapping.reach import reach


def marks(desk, rows, **more):
    return {path: one.marks for (_, path), one in reach(desk(rows, **more).plan).items()}


def test_row_reads_and_writes(desk):
    assert marks(desk, "id: item_id") == {"item_id": "rw"}


def test_table_or_row_of_one_way_does_only_that(desk):
    assert marks(desk, "id: item_id", head="only: read") == {"item_id": "r"}
    assert marks(desk, "id: {is: item_id, only: write}") == {"item_id": "w"}


def test_first_alternative_is_read_and_each_is_written(desk):
    found = marks(desk, "name: exporter.name | consignor.name")
    assert found == {"exporter.name": "rw", "consignor.name": "w"}


def test_filters_are_part_of_the_path(desk):
    found = marks(
        desk,
        'phone: "consignee.communications[type=TE].value"\ndoc: {is: "documents[kind=previous]", fields: {no: id}}',
    )
    assert found == {"consignee.communications[type=TE].value": "rw", "documents[kind=previous].id": "rw"}


def test_keys_of_a_map_are_the_map(desk):
    found = marks(
        desk,
        "bank: extension.bank\nmore: {is: goods_items.extension, fields: {name: key, text: value}}".replace(
            "goods_items.", ""
        ),
    )
    assert found == {"extension": "rw"}


def test_what_a_code_list_sets_along_is_only_read(desk):
    codes = {"list": "message,model,mail_class\n1,11,U\n"}
    found = marks(desk, "nature: {is: nature, codes: list}", codes=codes)
    assert found == {"nature": "rw", "mail_class": "r"}


def test_constants_and_numbers_reach_nothing(desk):
    assert marks(desk, "id: item_id\nversion: {constant: '1'}") == {"item_id": "rw"}
