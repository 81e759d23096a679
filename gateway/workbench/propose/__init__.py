"""A table proposed for an unknown message: names, shapes of values and places compared with the model.

`sources` reads a message of any syntax as one tree, `survey` merges its repeats, `places` finds the unit, the goods and
the parties, `scoring` weighs every leaf against every element of the model, `assign` takes the best total, `table`
writes it down. A proposal is a beginning for a person: every row says how sure it is, and why.
"""
