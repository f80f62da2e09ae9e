# needs: wcwidth
from wcwidth import wcswidth, wcwidth, list_versions

print([wcwidth(c) for c in "a\u4e2d\u0301\x00\x07\u200d\U0001f600"], wcswidth("\u30b3\u30f3\u30cb\u30c1\u30cf"), len(list_versions()) > 3, wcswidth("a\x1bb"))
