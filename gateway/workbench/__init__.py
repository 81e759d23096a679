"""The workbench for tables: layout, tests that bite, coverage, documentation, differences, proposals.

Nothing of it runs in the daemon. Each module is one product made of tables; `gateway mapping` shows them.
"""
