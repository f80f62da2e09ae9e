# needs: pathspec
import pathspec

spec = pathspec.PathSpec.from_lines("gitwildmatch", ["*.py", "!keep.py", "build/", "/root.txt", "a/**/z"])
for name in ("x.py", "d/x.py", "keep.py", "build/o", "root.txt", "d/root.txt", "a/b/c/z", "README"):
    print(name, spec.match_file(name))
