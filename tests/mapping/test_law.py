"""The two-way law notices what a table loses, adds or reads otherwise."""

from collections import Counter

from gateway.mapping.canonical import difference, path
from gateway.mapping.law import back


def problems(table, text):
    return [(broken.path, broken.problem) for broken in back(table.form, text.encode())]


def test_message_that_comes_back_breaks_nothing(desk):
    table = desk("id: item_id\nweight: {is: gross_mass, unit: GRM}")
    assert problems(table, "<parcel><weight> 1500.0 </weight><id>1</id><id/></parcel>".replace("<id/>", "")) == []


def test_element_that_no_row_carries_is_lost(desk):
    table = desk("id: item_id")
    assert problems(table, "<parcel><id>1</id><colour>red</colour></parcel>") == [("parcel/colour", "is lost")]
    assert list(back(table.form, b"<parcel><id>1</id><colour>red</colour></parcel>", ("parcel/colour",))) == []


def test_row_that_is_only_read_is_lost(desk):
    table = desk("id: item_id\nname: {is: consignee.name, only: read}")
    assert problems(table, "<parcel><id>1</id><name>A</name></parcel>") == [
        ("parcel/name", "is lost"),
        ("", "is read otherwise"),
    ]


def test_what_the_table_adds_itself_breaks_nothing(desk):
    table = desk("id: item_id\nfn: {is: declaration.function, default: '9'}\nunits: package_count")
    assert problems(table, "<parcel><id>1</id></parcel>") == []


def test_two_codes_for_one_meaning_come_back_as_the_preferred_one(desk):
    codes = {"nature": "message,model,preferred\n1,sale,1\n9,sale,0\n"}
    table = desk("nature: {is: nature, codes: nature}", codes=codes)
    assert problems(table, "<parcel><nature>1</nature></parcel>") == []
    assert problems(table, "<parcel><nature>9</nature></parcel>") == [
        ("parcel/nature", "is lost"),
        ("parcel/nature", "is added"),
    ]


def test_tables_that_travel_one_way_hold_it(desk):
    table = desk("id: item_id", head="only: read")
    assert problems(table, "<parcel><id>1</id><name>A</name></parcel>") == []


def test_leaves_are_counted_not_only_named():
    before, after = Counter({("a/b", "1"): 2}), Counter({("a/b", "1"): 1, ("a/c", "2"): 1})
    found = difference(before, after, allowed=[("a/c", "2")])
    assert (found.missing, found.added) == ((("a/b", "1"),), ())


def test_paths_number_what_repeats():
    assert path((("item", 1), ("piece", 2), ("@no", 1))) == "item/piece[2]/@no"
