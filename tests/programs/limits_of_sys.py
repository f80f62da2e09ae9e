# How many digits ints may have as text, and what sys tells of itself.
import sys

print(sys.get_int_max_str_digits(), sys.int_info.default_max_str_digits, sys.int_info.str_digits_check_threshold)
for wrong in (1,), (-1,), (639,), ("a",), (2.5,), (2**40,):
    try:
        sys.set_int_max_str_digits(*wrong)
    except (ValueError, TypeError, OverflowError) as error:
        print(type(error).__name__, error)
sys.set_int_max_str_digits(640)
print(sys.get_int_max_str_digits(), len(str(10**639)), len("%d" % 10**639), int("1" * 640) % 7)
for make in lambda: str(10**640), lambda: int("1" * 641), lambda: repr(-(10**640)), lambda: f"{10**700}", lambda: "%d" % 10**640:
    try:
        make()
    except ValueError as error:
        print(error)
print(len(hex(10**1000)), int("f" * 1000, 16).bit_length(), int("1" * 700, 32).bit_length())
sys.set_int_max_str_digits(maxdigits=0)
print(len(str(10**20000)), int("7" * 20000) % 1000)
sys.set_int_max_str_digits(4300)
try:
    compile("x = " + "1" * 4301, "source", "exec")
except SyntaxError as error:
    print(error.msg)

print(sys._is_interned(sys.intern("some_name")), sys._is_interned("".join(["not", " ", "interned"])))
print(sys.call_tracing(lambda *args: args, (1, 2)), sys._is_gil_enabled())
print(sys.is_stack_trampoline_active(), sys.get_coroutine_origin_tracking_depth())
print(sorted(sys.stdlib_module_names)[:4], len(sys.stdlib_module_names), type(sys.stdlib_module_names).__name__)
print("zipfile" in sys.stdlib_module_names, "winreg" in sys.stdlib_module_names, "numpy" in sys.stdlib_module_names)
print(sys.thread_info._fields if hasattr(sys.thread_info, "_fields") else len(sys.thread_info), type(sys._xoptions))

# Tools that watch
monitoring = sys.monitoring
print(monitoring.events.LINE, monitoring.events.NO_EVENTS, monitoring.DEBUGGER_ID, monitoring.OPTIMIZER_ID)
print(monitoring.get_tool(3), monitoring.use_tool_id(3, "a tool"), monitoring.get_tool(3))
for wrong in lambda: monitoring.use_tool_id(3, "other"), lambda: monitoring.get_tool(6), lambda: monitoring.get_events(4):
    try:
        wrong()
    except ValueError as error:
        print(error)
print(monitoring.register_callback(3, monitoring.events.LINE, print), monitoring.register_callback(3, monitoring.events.LINE, None) is print)
print(monitoring.get_events(3), monitoring.set_events(3, 0), monitoring.free_tool_id(3), monitoring.get_tool(3))

# Names for people
print(repr(exit), "|", repr(quit), "|", type(help).__name__, type(license).__name__)
for leave in lambda: exit(), lambda: quit(3), lambda: exit("words"):
    kept, sys.stdin = sys.stdin, None
    try:
        leave()
    except SystemExit as stop:
        print("leaves with", stop.code)
    sys.stdin = kept
try:
    exec("exit", {"__builtins__": {}})
except NameError as error:
    print(error)
import builtins

print(builtins.quit is quit, hasattr(builtins, "exit"), hasattr(builtins, "exits"))
