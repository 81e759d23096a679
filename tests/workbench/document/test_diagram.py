from lxml import etree

from gateway.workbench.document.diagram import WIDTH, Band, Box, Diagram, draw

LEFT = (Box("a", "A format with a long name that needs two lines", "read"), Box("b", "B"))
RIGHT = (Box("c", "C"),)
FOUND = Diagram("Title", "Summary", (LEFT, RIGHT), (Band("a", "c", 4, "given", "4"), Band("a", "c", 1, "lacking")))


def test_boxes_stand_inside_the_drawing_and_not_on_each_other():
    drawing = etree.fromstring(draw(FOUND, "d1"))
    width, height = map(float, drawing.get("viewBox").split()[2:])
    assert width == WIDTH
    boxes = [tuple(float(box.get(name)) for name in ("x", "y", "width", "height")) for box in drawing.iter("rect")]
    assert len(boxes) == 3
    assert all(x >= 0 and y >= 0 and x + w <= width and y + h <= height for x, y, w, h in boxes)
    (_, above, _, tall), (_, below, _, _), _ = boxes
    assert above + tall <= below


def test_bands_of_one_pair_lie_beside_each_other_and_show_their_weight():
    first, second = list(etree.fromstring(draw(FOUND, "d1")).iter("path"))
    assert first.get("d") != second.get("d")
    assert float(first.get("stroke-width")) > float(second.get("stroke-width"))


def test_a_drawing_can_be_heard():
    drawing = etree.fromstring(draw(FOUND, "d7"))
    assert drawing.get("aria-labelledby") == "d7-title d7-desc"
    assert [drawing.findtext(name) for name in ("title", "desc")] == ["Title", "Summary"]


def test_a_diagram_without_boxes_is_empty():
    assert list(etree.fromstring(draw(Diagram("T", "S", ((),), ()), "d")).iter("rect")) == []
