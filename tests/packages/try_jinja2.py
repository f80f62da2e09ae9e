# needs: jinja2 markupsafe
from jinja2 import DictLoader, Environment, StrictUndefined, TemplateSyntaxError, UndefinedError

environment = Environment(
    loader=DictLoader({
        "base.html": "<title>{% block title %}base{% endblock %}</title>{% block body %}{% endblock %}",
        "page.html": "{% extends 'base.html' %}{% block title %}{{ title|upper }}{% endblock %}"
                     "{% block body %}{% for item in items if item.n > 1 %}{{ loop.index }}:{{ item.name|e }},"
                     "{% else %}none{% endfor %}{% endblock %}",
        "macros.html": "{% macro field(name, value='') %}<input name={{ name }} value={{ value }}>{% endmacro %}"
                       "{{ field('a') }}{{ field('b', 3) }}",
    }),
    autoescape=True,
    undefined=StrictUndefined,
)
print(environment.get_template("page.html").render(title="hi <x>", items=[dict(n=1, name="one"), dict(n=2, name="<two>")]))
print(environment.get_template("page.html").render(title="t", items=[]))
print(environment.get_template("macros.html").render())
text = environment.from_string("{{ values|map('int')|sum }} {{ values|join(', ') }} {{ 'a-b'.split('-')|list }} {{ 7 // 2 }} {{ x is defined }}")
print(text.render(values=["1", "2"]))
for source in ("{{ missing }}", "{% if %}", "{{ a b }}"):
    try:
        print(environment.from_string(source).render())
    except (TemplateSyntaxError, UndefinedError) as error:
        print(type(error).__name__, error.message)
environment.filters["double"] = lambda value: value * 2
print(environment.from_string("{% set x = 4 %}{{ x|double }}{% raw %}{{ }}{% endraw %}{# gone #}").render())
