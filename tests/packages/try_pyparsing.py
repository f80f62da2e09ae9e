# needs: pyparsing
import pyparsing as pp

integer = pp.pyparsing_common.integer
expression = pp.infix_notation(integer, [("-", 1, pp.OpAssoc.RIGHT), (pp.one_of("* /"), 2, pp.OpAssoc.LEFT), (pp.one_of("+ -"), 2, pp.OpAssoc.LEFT)])
print(expression.parse_string("1 + 2 * (3 - -4) / 5").as_list())
word = pp.Word(pp.alphas)
assignment = word("name") + pp.Suppress("=") + pp.Group(pp.DelimitedList(integer | pp.quoted_string.copy().set_parse_action(pp.remove_quotes)))("values")
result = assignment.parse_string("xs = 1, 'two', 3")
print(result.name, result["values"].as_list(), result.as_dict())
try:
    assignment.parse_string("xs == 1")
except pp.ParseException as error:
    print(error, error.loc, error.line)
block = pp.Forward()
block <<= pp.Group(pp.Suppress("(") + pp.ZeroOrMore(word | integer | block) + pp.Suppress(")"))
print(block.parse_string("(a (b 1 (c)) 2)").as_list())
print([tokens.as_list() for tokens, start, end in pp.Word(pp.nums).scan_string("a1b22c333")], (word + pp.Optional(integer)).transform_string("abc 1"))
