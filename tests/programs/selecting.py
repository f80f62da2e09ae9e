# Waiting for descriptors: select, poll and epoll.
import errno
import os
import select

r, w = os.pipe()
print(select.select([r], [w], [], 0) == ([], [w], []), select.select([r], [], [], 0.01))
os.write(w, b"x")
print(select.select([r], [], []) == ([r], [], []), select.select((), (), (), 0))


class File:
    def fileno(self):
        return r


file = File()
print(select.select([file], [], [])[0] == [file])
poll = select.poll()
poll.register(r, select.POLLIN)
poll.register(w)
print(sorted(poll.poll()) == sorted([(r, select.POLLIN), (w, select.POLLOUT)]), poll.modify(w, 0), poll.poll(10) == [(r, 1)])
print(poll.unregister(w), os.read(r, 1), poll.poll(0), poll.poll(5.5))
os.close(w)
print(poll.poll() == [(r, select.POLLHUP)])
os.close(r)
print(poll.poll() == [(r, select.POLLNVAL)])

r, w = os.pipe()
with select.epoll() as epoll:
    epoll.register(r, select.EPOLLIN)
    epoll.register(w, select.EPOLLOUT)
    print(epoll.poll() == [(w, select.EPOLLOUT)], epoll.poll(0, 1) == [(w, select.EPOLLOUT)], epoll.closed)
    epoll.unregister(w)
    print(epoll.poll(0.01), os.write(w, b"abc"), epoll.poll(timeout=1, maxevents=5) == [(r, select.EPOLLIN)])
    epoll.modify(r, select.EPOLLIN | select.EPOLLONESHOT)
    print(epoll.poll() == [(r, 1)], epoll.poll(0), epoll.fileno() > 2)
print(epoll.closed)


def attempt(function, *args):
    try:
        return function(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


print(attempt(epoll.poll), attempt(epoll.register, r), attempt(poll.unregister, 99), attempt(poll.modify, 99, 1))
print(attempt(select.select, 1, [], []), attempt(select.select, ["a"], [], []), attempt(select.select, [], [], [], "a"))
print(attempt(select.select, [], [], [], -1), attempt(select.select, [-1], [], []), attempt(select.select, [5000], [], []))
print(attempt(poll.register, r, -1), attempt(poll.register, r, 1 << 20), attempt(poll.poll, "a"), attempt(select.epoll, -2))
epoll = select.epoll()
epoll.register(r)
try:
    epoll.register(r)
except OSError as error:
    print(error.errno == errno.EEXIST, type(error).__name__)
print(attempt(epoll.poll, "a"), attempt(epoll.poll, 0, 0), select.error is OSError)
