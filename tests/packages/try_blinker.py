# needs: blinker
from blinker import Namespace, signal

started = signal("started")
seen = []


@started.connect
def listen(sender, **values):
    seen.append((sender, values))
    return 1


print(started.send("me", x=1)[0][1], seen, signal("started") is started)
started.disconnect(listen)
print(started.send("me"), bool(started.receivers), Namespace().signal("n", doc="d").__doc__)


class Source:
    pass


one = Source()
only = Namespace().signal("only")
only.connect(lambda sender, **kw: "got", sender=one, weak=False)
print([value for _, value in only.send(one)], only.send(Source()))
