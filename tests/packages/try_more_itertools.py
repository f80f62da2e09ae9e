# needs: more-itertools
import more_itertools as mi

print(list(mi.chunked(range(7), 3)), list(mi.windowed(range(5), 3)), list(mi.flatten([[1], [2, 3]])))
print(mi.first([], default=0), mi.one([5]), list(mi.interleave([1, 2], "ab")), mi.partition(lambda n: n % 2, range(5))[0].__class__.__name__)
print([list(group) for group in mi.split_when([1, 2, 4, 5, 7], lambda a, b: b != a + 1)], dict(mi.map_reduce("abcab", str.upper, len)))
peek = mi.peekable([1, 2, 3])
print(peek.peek(), next(peek), list(peek), mi.ilen(x for x in range(9)), list(mi.distinct_permutations([1, 1, 2])))
print(list(mi.collapse([1, [2, [3, "ab"]]])), list(mi.sliced("abcdef", 4)), mi.all_equal([1, 1]), list(mi.powerset([1, 2])), mi.nth_permutation("abc", 2, 3))
bucket = mi.bucket(["a1", "b1", "a2"], key=lambda s: s[0])
print(list(bucket["a"]), list(bucket["b"]), mi.consume(iter([1])), list(mi.run_length.encode("aabc")), mi.seekable("ab").peek())
