"""Checks of what was said: values, sums, parties, dates. All findings at once, each with its path in the model."""
