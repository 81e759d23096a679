"""Documentation of the formats for customs officers: a page for each table and an index, in their language.

`outline` says what stands on a page, `page` and `index` draw it, `sheet` writes the same as CSV. Everything comes from
the tables, the model's dictionary and the golden cases; nothing is written by hand.
"""
