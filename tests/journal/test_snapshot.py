from gateway.journal.snapshot import dump


def text(journal):
    with journal.read() as conn:
        return dump(conn)


def test_every_row_is_one_line_under_its_table(world, journal):
    file = world.file()
    world.interchange(file, head=b"\xff<")
    lines = text(journal).splitlines()
    assert [line.split()[0] for line in lines] == ["blob", "file", "interchange"]
    assert '"ff3c"' in lines[2]


def test_times_do_not_show(world, journal, clock):
    world.add("switch", kind="connection", name="a", state="active", since=clock.now())
    before = text(journal)
    with journal.write() as conn:
        conn.exec_driver_sql("update switch set since = '2001-01-01T00:00:00.000000Z'")
    assert text(journal) == before


def test_a_changed_state_shows(world, journal):
    world.add("switch", kind="connection", name="a", state="active", since=journal.clock.now())
    before = text(journal)
    with journal.write() as conn:
        conn.exec_driver_sql("update switch set state = 'paused'")
    assert text(journal) != before


def test_the_order_of_writing_does_not_show(world, journal):
    for name in ("b", "a"):
        world.add("switch", kind="connection", name=name, state="active", since=journal.clock.now())
    assert text(journal).index('"a"') < text(journal).index('"b"')
