# needs: jedi parso
import jedi

script = jedi.Script("import json\nclass A:\n    def method(self):\n        return 'x'\na = A()\na.me\njson.lo")
print([c.name for c in script.complete(6, 4)], [c.name for c in script.complete(7, 7)])
print([d.full_name for d in script.goto(5, 4)], [d.name for d in script.infer(5, 0)], [n.name for n in script.get_names()])
