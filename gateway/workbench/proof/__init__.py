"""Tests that bite: golden cases, and a deletion of everything a table says."""
