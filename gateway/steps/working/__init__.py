"""What workers do, without journal, spool or network: the same bytes and rules give the same outcome."""
