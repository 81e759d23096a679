"""What one ruleset makes of messages and another does not."""
