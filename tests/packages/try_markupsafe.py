# needs: markupsafe
from markupsafe import Markup, escape

print(escape("<a href='x'>&\"</a>"), Markup("<b>%s</b>") % "<i>", Markup("<em>{0}</em>").format("&"))
print(repr(Markup("a") + "<"), Markup("&lt;x&gt; <b>y</b>").striptags(), Markup("&amp;&#39;").unescape())


class Html:
    def __html__(self):
        return "<hr>"


print(escape(Html()), Markup(", ").join(["<", Markup("<br>")]), escape(None), type(escape(1)).__name__)
