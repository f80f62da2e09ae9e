# A loop of a module: what it assigns stands in the module's dict, what it only reads is a constant.
factor = 3
total = 0
for i in range(4000):
    total += i * factor
print(total)
