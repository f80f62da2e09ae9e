# needs: filelock
import os, tempfile
from filelock import FileLock, Timeout, SoftFileLock

with tempfile.TemporaryDirectory() as folder:
    lock = FileLock(os.path.join(folder, "l"), timeout=0.05)
    with lock:
        print(lock.is_locked)
        try:
            FileLock(os.path.join(folder, "l"), timeout=0.01).acquire()
        except Timeout as error:
            print(type(error).__name__)
    print(lock.is_locked)
    with SoftFileLock(os.path.join(folder, "s")) as soft:
        print(os.path.exists(os.path.join(folder, "s")))
