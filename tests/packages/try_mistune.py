# needs: mistune
import mistune

text = "# T\n\n*a* **b** `c` [l](u) ![i](s)\n\n* x\n* y\n\n```py\ncode\n```\n\n---\n\na | b\n--|--\n1 | 2\n\n~~gone~~\n"
print(mistune.html(text))
print(mistune.create_markdown(renderer="ast")("a *b*"))
print(mistune.create_markdown(plugins=["strikethrough", "table"])(text))
