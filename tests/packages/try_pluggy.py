# needs: pluggy
import pluggy

spec = pluggy.HookspecMarker("demo")
impl = pluggy.HookimplMarker("demo")


class Spec:
    @spec
    def compute(self, a, b):
        """Computes."""

    @spec(firstresult=True)
    def first(self, x):
        """The first."""


class One:
    @impl
    def compute(self, a, b):
        return a + b

    @impl
    def first(self, x):
        return None


class Two:
    @impl(tryfirst=True)
    def compute(self, a):
        return a * 2

    @impl
    def first(self, x):
        return x

    @impl(wrapper=True)
    def compute_wrapped(self):
        return (yield)


class Wrapper:
    @impl(wrapper=True)
    def compute(self, a, b):
        results = yield
        return [n + 100 for n in results]


manager = pluggy.PluginManager("demo")
manager.add_hookspecs(Spec)
manager.register(One())
manager.register(Two())
name = manager.register(Wrapper(), name="wrapper")
print(manager.hook.compute(a=1, b=2), manager.hook.first(x=5), name, len(manager.get_plugins()))
manager.unregister(name="wrapper")
print(manager.hook.compute(a=1, b=2))
try:
    manager.check_pending()
except pluggy.PluginValidationError as error:
    print(error.args[0].splitlines()[0][:40])
