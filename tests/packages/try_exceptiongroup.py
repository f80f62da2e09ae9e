# needs: exceptiongroup
from exceptiongroup import ExceptionGroup, catch

try:
    raise ExceptionGroup("many", [ValueError(1), ExceptionGroup("in", [KeyError("k")])])
except ExceptionGroup as group:
    print(group, group.split(KeyError), group.subgroup(lambda e: isinstance(e, ValueError)))
with catch({KeyError: lambda group: print("caught", group.exceptions)}):
    raise KeyError("x")
