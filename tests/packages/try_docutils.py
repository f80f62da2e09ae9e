# needs: docutils
from docutils.core import publish_string, publish_parts, publish_doctree

text = """
Title
=====

A *paragraph* with ``code`` and `a link <http://x.y>`_.

* one
* two

.. note:: Careful.

+---+---+
| a | b |
+---+---+
"""
settings = {"report_level": 5, "_disable_config": True, "output_encoding": "unicode"}
print(publish_doctree(text, settings_overrides=settings).pformat())
print(publish_parts(text, writer_name="html", settings_overrides=settings)["body"])
