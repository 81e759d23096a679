"""The sender is told what became of its items, in its own format, in its own element names."""
