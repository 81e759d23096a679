"""How SQLite goes about the statements of something, in its own words."""

from sqlalchemy import event


def plans(conn, act):
    """The steps of all statements that `act` makes: what is searched by which index, what is scanned whole."""
    made = []

    def note(_conn, _cursor, statement, parameters, _context, _many):
        made.append((statement, parameters))

    event.listen(conn, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(conn, "before_cursor_execute", note)
    return [
        row.detail
        for statement, parameters in made
        for row in conn.exec_driver_sql(f"explain query plan {statement}", parameters)
    ]
