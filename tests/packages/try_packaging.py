# needs: packaging
from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.tags import Tag, parse_tag
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import InvalidVersion, Version

print(sorted(map(Version, ["1.0", "1.0rc1", "1.0.post1", "2.0.dev3", "1.0a2", "1!0.1"])))
version = Version("1.2.3rc4.post5.dev6+local.1")
print(version.release, version.pre, version.post, version.dev, version.local, version.public, version.is_prerelease)
print(SpecifierSet(">=1.0,!=1.5,<2")  .contains("1.6"), list(SpecifierSet("~=1.4").filter(["1.3", "1.4", "1.9", "2.0"])))
requirement = Requirement('requests[security,tests]>=2.8.1,==2.8.*; python_version < "2.7"')
print(requirement, sorted(requirement.extras), requirement.specifier, requirement.marker, requirement.marker.evaluate())
print(Marker("python_version > '3' and os_name == 'posix'").evaluate())
print(canonicalize_name("Foo_Bar.Baz"), parse_wheel_filename("a_b-1.0-py3-none-any.whl")[:2], sorted(map(str, parse_tag("py2.py3-none-any"))))
for wrong, kind in (("1.x.y.z!", Version), ("a b c", Requirement), ("a[", Requirement)):
    try:
        kind(wrong)
    except (InvalidVersion, InvalidRequirement) as error:
        print(type(error).__name__, str(error).splitlines()[0])
