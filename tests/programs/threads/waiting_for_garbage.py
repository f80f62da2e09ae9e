# Not under gc: the modules that it imports take too long there.
# A thread waits for the end of what nobody refers to any more.
import signal
import socket
import threading
import time
import warnings


def serve(end, told):
    told.append(end.recv(1))
    end.close()


def start(told):
    end, other = socket.socketpair()
    thread = threading.Thread(target=serve, args=(other, told), daemon=True)
    thread.start()
    return thread


def sink(depth=40):
    return depth and sink(depth - 1)


class Ended:
    def __del__(self):
        self.event.set()


def start_object(event):
    ended = Ended()
    ended.event = event


warnings.simplefilter('ignore')
told = []
thread = start(told)
sink()
thread.join(20)
print(told, thread.is_alive())
event = threading.Event()
start_object(event)
sink()
print(event.wait(20))

# A handler that waits, of a thread that does.
woken = threading.Event()
inner = threading.Event()


def handler(number, frame):
    print('handled', inner.wait(5))


signal.signal(signal.SIGUSR1, handler)


def other():
    signal.pthread_kill(threading.main_thread().ident, signal.SIGUSR1)
    time.sleep(0.05)
    woken.set()
    inner.set()


thread = threading.Thread(target=other)
thread.start()
print(woken.wait(20))
thread.join()
