# needs: distlib
from distlib.version import NormalizedVersion, get_scheme
from distlib.markers import interpret
from distlib.util import parse_requirement, convert_path

print(NormalizedVersion("1.0b1") < NormalizedVersion("1.0"), get_scheme("semantic").matcher("x (>= 1.0.0)").match("1.2.0"), interpret("python_version >= '2.0'"))
requirement = parse_requirement("name[extra] (>= 1.0, < 2)")
print(requirement.name, requirement.extras, requirement.constraints, convert_path("a/b"))
