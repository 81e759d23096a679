"""Processes: the daemon and its halves, workers, queue, turns; what runs when, and what stops it."""
