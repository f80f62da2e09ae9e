# needs: toolz
from toolz import assoc, compose, curry, dissoc, frequencies, groupby, merge_with, partition, pipe, sliding_window, take, valmap
from toolz import memoize, reduceby, update_in, thread_last, juxt, countby, interleave, unique, get_in

print(pipe([1, 2, 3], curry(map, lambda n: n * n), list, sum), compose(str, abs)(-3), frequencies("abca"), groupby(len, ["a", "bb", "c"]))
print(merge_with(sum, {"a": 1}, {"a": 2, "b": 3}), list(partition(2, range(5))), list(sliding_window(2, "abc")), list(take(2, "xyz")))
print(assoc({"a": 1}, "b", 2), dissoc({"a": 1, "b": 2}, "a"), valmap(str, {"k": 1}), update_in({"a": {"b": 1}}, ["a", "b"], lambda n: n + 1))
print(reduceby(lambda n: n % 2, lambda a, b: a + b, range(6)), thread_last([3, 1], sorted, list), juxt(min, max)([4, 2, 9]), countby(str.isupper, "aBc"))
add = curry(lambda a, b, c: a + b + c)
print(add(1)(2)(3), add(1, 2)(3), add(1, c=5)(b=2), list(interleave(["ab", "cd"])), list(unique([1, 2, 1])), get_in(["a", 0], {"a": [7]}))
