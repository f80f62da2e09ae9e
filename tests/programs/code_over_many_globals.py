# The same code over dicts of globals that come and go and have their names in different places.
import gc

N = 3000
LOOP = compile("total = 0\nfor i in range(200): total += VALUE\nresult = total, OTHER", "loop", "exec")
FUNCTIONS = compile(
    """
def f(n):
    total = 0
    for i in range(n):
        total += VALUE
    return total
def g():
    return VALUE, OTHER
""",
    "functions",
    "exec",
)

orders = [["VALUE", "OTHER", "THIRD"], ["OTHER", "VALUE", "THIRD"], ["THIRD", "OTHER", "VALUE"]]
spaces = [{name: 10 * i + len(name) for i, name in enumerate(order, start)} for start, order in enumerate(orders)]
functions = []
for space in spaces:
    exec(LOOP, space)
    exec(FUNCTIONS, space)
    print(space["result"])
    functions += space["f"], space["g"]
for round in range(60):
    results = [functions[0](3), functions[2](3), functions[4](3), functions[1](), functions[3](), functions[5]()]
print(results)
print(functions[0](N), functions[2](N), functions[4](N), functions[1](), functions[3](), functions[5]())

# Dicts that die: another may lie where one lay.
results = []
for i in range(100):
    space = {"VALUE": i, "OTHER": -i}
    exec(LOOP, space)
    exec(FUNCTIONS, space)
    results.append((space["result"], space["f"](100), space["g"]()))
    del space
    if i % 25 == 0:
        gc.collect()
print(results)
