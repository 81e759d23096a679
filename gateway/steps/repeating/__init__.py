"""What a person lets happen again, counted first, and never filed twice by it."""
