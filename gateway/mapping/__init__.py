"""The mapping language: a table read, checked, and compiled into reader, writer and trace."""
