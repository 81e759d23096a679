"""Plans as plain Python: one function to read an item, one to write a record, for the clean path only.

Whatever raises a doubt ends with None; the traced twin then takes the item and says what is wrong.
"""
