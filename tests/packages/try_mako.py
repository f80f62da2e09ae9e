# needs: mako
from mako.template import Template
from mako.lookup import TemplateLookup
print(Template("hello ${name}! % if\n% for i in range(3):\n  ${i} ${loop.index}\n% endfor\n<%def name='f(x)'>[${x}]</%def>${f(3)} ${'<a>' | h} ${capture(f, 4)}").render(name="w"))
l = TemplateLookup(); l.put_string("base.html", "<${self.body()}|<%block name='b'>base</%block>>"); l.put_string("c.html", "<%inherit file='base.html'/>body<%block name='b'>child ${parent.b()}</%block>")
print(l.get_template("c.html").render())
print(Template("<%! import math %><% x = math.floor(2.5) %>${x}\n## comment\n<%text>${raw}</%text>").render())
from mako import exceptions
try: Template("line\n${1/0}").render()
except ZeroDivisionError: t = exceptions.RichTraceback(); print(t.error, t.lineno)
try: Template("% if x:\n a")
except exceptions.SyntaxException as e: print(str(e)[:80])
try: Template("${ 1 + }")
except exceptions.SyntaxException as e: print(str(e)[:120])
