# posixpath and what it takes from the system's module.
import os.path as p

for path in ("", "/", "//", "///", "a", "a/", "/a", "//a", "///a", "a//b", "./a", "a/.", "../a", "a/..", "/..", "/../a", "a/../..",
             "a/./b/../c//d/", "//a/../..", "../../a", "a\0b/..", "ä/../ö", ".", ".."):
    print(repr(path), repr(p.normpath(path)), p.split(path), p.splitext(path), p.splitroot(path), p.isabs(path),
          repr(p.dirname(path)), repr(p.basename(path)))
print(p.normpath(b"/a/./\xff/.."), p.splitroot(b"//a/b"), p.join(b"a", b"b"), p.join("a", "/b", "c"), p.join("a/", "b"))
print(p.commonpath(["/a/b", "/a/c"]), p.commonprefix(["abc", "abd"]), p.relpath("/a/b", "/a/c"), p.expanduser("a"))
print(p.splitext("a.tar.gz"), p.splitext(".bashrc"), p.splitdrive("c:/a"), p.normcase("A"))
for failure in (lambda: p.normpath(3), lambda: p.join("a", b"b"), lambda: p.join("a", 3), lambda: p.splitroot(None), lambda: p.isabs(1)):
    try:
        print(failure())
    except TypeError as error:
        print(error)
print(p.exists("a\0b"), p.isdir("/"), p.isfile("/"), p.ismount("/"), p.lexists("/nowhere"))
