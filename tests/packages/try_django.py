# needs: django asgiref sqlparse
from django.conf import settings

settings.configure(DEBUG=False, USE_TZ=False, SECRET_KEY="x", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__,
                   TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}])
import django

django.setup()
from django import forms
from django.core.validators import ValidationError, validate_email
from django.http import HttpResponse, JsonResponse
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import path, resolve, reverse
from django.utils.html import escape, format_html
from django.utils.text import slugify

urlpatterns = [path("item/<int:n>/", lambda request, n: JsonResponse({"n": n}), name="item")]
print(Template("{% for x in xs %}{{ forloop.counter }}:{{ x|upper }}{% if not forloop.last %},{% endif %}{% endfor %} {{ d|date:'Y-m-d' }}").render(
    Context({"xs": ["a", "<b>"], "d": __import__("datetime").date(2020, 1, 2)})))
match = resolve("/item/7/")
print(match.func(RequestFactory().get("/item/7/"), **match.kwargs).content, reverse("item", args=[3]))


class Form(forms.Form):
    name = forms.CharField(max_length=5)
    age = forms.IntegerField(min_value=0, required=False)


form = Form({"name": "too long", "age": "-1"})
print(form.is_valid(), form.errors.as_json(), Form({"name": "ok"}).is_valid())
print(slugify("Hello, W\u00f6rld!"), escape("<a>"), format_html("<b>{}</b>", "<"))
try:
    validate_email("no")
except ValidationError as error:
    print(error.messages)
