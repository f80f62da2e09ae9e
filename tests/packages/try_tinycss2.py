# needs: tinycss2 webencodings
import tinycss2

rules = tinycss2.parse_stylesheet("@media print { a { color: red } }\np > .c:hover, #x { margin: 1.5em 0; content: 'q\\26' !important }", skip_whitespace=True)
for rule in rules:
    print(rule.type, tinycss2.serialize(rule.prelude), [d.type for d in tinycss2.parse_blocks_contents(rule.content)])
print(tinycss2.serialize(rules), tinycss2.parse_one_component_value("#f80").type)
