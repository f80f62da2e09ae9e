# What runs when the program ends: threads are waited for, then what was registered, the latest first.
import atexit
import threading
import time

atexit.register(print, "first registered", sep="-")
atexit.register(lambda: print("second registered"))


@atexit.register
def never():
    print("never")


atexit.unregister(never)
print(atexit._ncallbacks())


main_is_over = threading.Event()


def late():
    main_is_over.wait()
    time.sleep(0.05)
    print("late thread")


threading.Thread(target=late).start()
threading.Thread(target=lambda: time.sleep(1000), daemon=True).start()
print("main is over")
main_is_over.set()
