"""Business rules of authorities as data: rows of a table, a small vocabulary of tests, findings with their code.

A table (`customs/dk/rules`) has the columns

- `rule`, `code`: the authority's number of the rule and its error code; `categories`: the declarations it holds for
- `element`: the data element (EUCDM); `path`: the place that is told, in the model; `wco`: its WCO id
- `when`, `must`: sentences (`sentence`); where every `when` holds, every `must` has to
- `offline`: `yes`; what it needs besides (`list` of the operator, `rate`, `part`: only a part is checked); `no`
- `note`: how the rule was read, or why it is not checked
- `severity`; `message`, `message_fr`, `message_es`; `valid_from`, `valid_to`, `source`
"""

from adapters.customs.rules.engine import RULE, WARNING, violations
from adapters.customs.rules.facts import Day, Facts
from adapters.customs.rules.table import Rule, rules_of

__all__ = ["RULE", "WARNING", "Day", "Facts", "Rule", "rules_of", "violations"]
