"""One layout for all tables: read, laid, sorted, proved to say the same."""
