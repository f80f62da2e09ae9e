# needs: markdown
import markdown

text = """# Title

A *paragraph* with **bold**, `code` and a [link](http://x.y "t").

- one
- two
    - nested

1. first
2. second

> quote

    code block

<div>raw</div>

| a | b |
|---|---|
| 1 | 2 |

Term[^1]

[^1]: note
"""
print(markdown.markdown(text))
print(markdown.markdown(text, extensions=["tables", "footnotes", "toc", "fenced_code"]))
