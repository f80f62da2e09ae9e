# The process through os: environment, children, pipes, and tables of names.
import os
import sys


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


os.environ["STITCH_TEST_VALUE"] = "ä"
print(os.environb[b"STITCH_TEST_VALUE"], os.getenv("STITCH_TEST_VALUE"), "STITCH_TEST_VALUE" in os.environ)
print(os.system("test \"$STITCH_TEST_VALUE\" = ä"), os.waitstatus_to_exitcode(os.system("exit 3")))
del os.environ["STITCH_TEST_VALUE"]
print(os.getenv("STITCH_TEST_VALUE"), attempt(os.putenv, "a=b", "c"), attempt(os.unsetenv, ""), attempt(os.putenv, "a", 1))

r, w = os.pipe()
print(os.get_inheritable(r), os.get_inheritable(w))
pid = os.fork()
if pid == 0:
    os.close(r)
    os.write(w, b"from the child: %d" % (os.getppid() > 1))
    os._exit(7)
os.close(w)
print(os.read(r, 100), os.read(r, 100))
os.close(r)
waited, status = os.waitpid(pid, 0)
print(waited == pid, os.WIFEXITED(status), os.WEXITSTATUS(status), os.WIFSIGNALED(status), os.waitstatus_to_exitcode(status))
pid = os.fork()
if pid == 0:
    os.kill(os.getpid(), 9)
waited, status, usage = os.wait4(pid, 0)
print(os.WIFSIGNALED(status), os.WTERMSIG(status), os.waitstatus_to_exitcode(status), len(usage))
pid = os.posix_spawn("/bin/sh", ["sh", "-c", "exit $CODE"], {"CODE": "5"})
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
pid = os.posix_spawnp("sh", ["sh", "-c", "exit 4"], os.environ, file_actions=[(os.POSIX_SPAWN_CLOSE, 0)])
print(os.waitid(os.P_PID, pid, os.WEXITED)[3:])
pid = os.fork()
if pid == 0:
    os.execve("/bin/sh", ["sh", "-c", "exit 6"], {})
print(os.waitstatus_to_exitcode(os.wait()[1]))
calls = []
os.register_at_fork(before=lambda: calls.append("before"), after_in_parent=lambda: calls.append("parent"),
                    after_in_child=lambda: calls.append("child"))
pid = os.fork()
if pid == 0:
    os._exit(calls == ["before", "child"])
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), calls)

print(attempt(os.wait), attempt(os.waitpid, 1, 0), attempt(os.kill, "a", 1))
print(attempt(os.execv, "x", []), attempt(os.execv, "x", 3), attempt(os.execv, "/missing", ["a"]))
print(attempt(os.execve, "/missing", ["a"], 5), attempt(os.execve, "/missing", ["a"], {"a=b": "c"}))
print(attempt(os.posix_spawn, "/missing", ["a"], {}), attempt(os.posix_spawn, "/missing", [], {}))
print(attempt(os.waitstatus_to_exitcode, 0x137F), attempt(os.register_at_fork), attempt(os.register_at_fork, before=3))
print(attempt(os.sysconf, "abc"), attempt(os.sysconf, []), attempt(os.confstr, "x"), os.sysconf("SC_PAGE_SIZE") >= 4096)
print(os.sysconf_names["SC_ARG_MAX"], os.pathconf("/", "PC_NAME_MAX"), os.confstr("CS_PATH"))
print(os.getpid() == os.getpid() > 0, os.getsid(0) >= 0, os.getpgid(0) == os.getpgrp(), os.getuid() == os.getresuid()[0])
print(len(os.urandom(10)), attempt(os.urandom, -1), len(os.getrandom(3)), os.strerror(2), os.uname().sysname)
print(os.cpu_count() >= 1, os.sched_getaffinity(0) <= set(range(1024)), os.sched_param(3), attempt(os.sched_setaffinity, 0, [-1]))
print(type(os.times()).__name__, len(os.times()), os.get_terminal_size.__name__, attempt(os.get_terminal_size, 99))
print(os.major(os.makedev(5, 6)), os.minor(os.makedev(5, 6)), os.device_encoding(99), os.ctermid())
print(os.name, os.linesep.encode(), sys.platform, "posix" in sys.builtin_module_names)
counter = os.eventfd(3)
print(os.eventfd_read(counter), os.eventfd_write(counter, 5), os.eventfd_read(counter), attempt(os.eventfd, -1))
os.close(counter)
memory = os.memfd_create("name")
print(os.write(memory, b"abc"), os.sendfile(memory, memory, 0, 0), os.fstat(memory).st_size)
os.close(memory)
