# What a pickler remembers: many objects, those it was given, and after it forgot them.
import io
import pickle

words = [f"word {i}" for i in range(150)]
pairs = [(word, [word]) for word in words]
for protocol in range(6):
    data = pickle.dumps([words, pairs, words, pairs[::-1]], protocol)
    again, made, same, back = pickle.loads(data)
    print(protocol, len(data), again is same, again == words, made == pairs, back == pairs[::-1])
    print(all(pair[0] is word is pair[1][0] for word, pair in zip(again, made)), all(a is b for a, b in zip(made, back[::-1])))

out = io.BytesIO()
pickler = pickle.Pickler(out, 5)
for forgets in (False, True, False):
    if forgets:
        pickler.clear_memo()
    start = out.tell()
    pickler.dump(words[:100])
    print(out.tell() - start, len(pickler.memo.copy()))

kept = ["kept"]
other = pickle.Pickler(out, 5)
other.memo = {id(kept): (7, kept), 3: (9, "nine")}
start = out.tell()
other.dump([kept, "nine"])
print(out.getvalue()[start:], sorted(place for place, _ in other.memo.copy().values()))
