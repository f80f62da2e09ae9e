# Hooks are told of what may matter for security, and may refuse it.
import gc
import marshal
import pickle
import sys
import time

seen = []


def hook(event, arguments):
    if is_listening:
        seen.append((event, arguments))
        if event in refused:
            raise RuntimeError("refused " + event)


is_listening, refused = False, set()
sys.addaudithook(hook)


class A:
    pass


class B:
    pass


class C(A):
    pass


def told(action):
    global is_listening
    is_listening = True
    try:
        action()
    except Exception as error:
        seen.append((type(error).__name__, str(error)))
    finally:
        is_listening = False
    for event, arguments in seen:
        if event.startswith(("compile", "exec", "import", "builtins", "object.__getattr__")):
            continue
        if event == "open":
            arguments = arguments[:2]
        print(event, [item if isinstance(item, (str, int, float)) else type(item).__name__ for item in arguments]
              if isinstance(arguments, tuple) else arguments)
    seen.clear()


def rename():
    C.__name__ = "X"
    C.__bases__ = (B,)
    C.new_attribute = 1
    instance = A()
    instance.__class__ = B


told(rename)
told(lambda: marshal.loads(marshal.dumps((1, "a"))))
data = pickle.dumps(int)
refused = {"pickle.find_class", "open"}
told(lambda: pickle.loads(data))
told(lambda: open("nowhere", "w"))
told(lambda: time.sleep(-1))
told(lambda: gc.get_referents([1]))
told(lambda: sys._getframe().f_code.co_name)
told(lambda: sys._getframemodulename(0))
told(lambda: sys.audit("mine", 1, "x"))
