"""Which elements of the model a table reaches: both ways, one way, by filters, by alternatives, by code lists."""

from gateway.workbench.coverage.reach import reach


def marks(bench, rows, head="", codes=""):
    desk = bench(rows, head=head)
    if codes:
        (desk.folder / "codes").mkdir(exist_ok=True)
        (desk.folder / "codes" / "list.csv").write_text(codes)
        desk = bench(rows, head=head)
    return {path: one.marks for (_, path), one in reach(desk.table.plan).items()}


def test_row_reads_and_writes(bench):
    assert marks(bench, "id: item_id") == {"item_id": "rw"}


def test_table_or_row_of_one_way_does_only_that(bench):
    assert marks(bench, "id: item_id", head="only: read") == {"item_id": "r"}
    assert marks(bench, "id: {is: item_id, only: write}") == {"item_id": "w"}


def test_first_alternative_is_read_and_each_is_written(bench):
    found = marks(bench, "name: exporter.name | consignor.name")
    assert found == {"exporter.name": "rw", "consignor.name": "w"}


def test_filters_are_part_of_the_path(bench):
    found = marks(
        bench,
        'phone: "consignee.communications[type=TE].value"\ndoc: {is: "documents[kind=previous]", fields: {no: id}}',
    )
    assert found == {"consignee.communications[type=TE].value": "rw", "documents[kind=previous].id": "rw"}


def test_keys_of_a_map_are_the_map(bench):
    found = marks(
        bench,
        "bank: extension.bank\nmore: {is: goods_items.extension, fields: {name: key, text: value}}".replace(
            "goods_items.", ""
        ),
    )
    assert found == {"extension": "rw"}


def test_what_a_code_list_sets_along_is_only_read(bench, tmp_path):
    (tmp_path / "codes").mkdir()
    (tmp_path / "codes" / "list.csv").write_text("message,model,mail_class\n1,11,U\n")
    found = marks(bench, "nature: {is: nature, codes: list}")
    assert found == {"nature": "rw", "mail_class": "r"}


def test_constants_and_numbers_reach_nothing(bench):
    assert marks(bench, "id: item_id\nversion: {constant: '1'}") == {"item_id": "rw"}
