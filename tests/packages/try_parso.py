# needs: parso
import parso

module = parso.parse("def f(a, *, b=1):\n    return a +  b # c\nclass X: pass\n")
print(module.children[0].name.value, [p.name.value for p in module.children[0].get_params()], module.get_code() == "def f(a, *, b=1):\n    return a +  b # c\nclass X: pass\n")
grammar = parso.load_grammar()
broken = grammar.parse("x = (1\ny = 2 +\n")
print([(error.message, error.start_pos) for error in grammar.iter_errors(broken)])
