# The declaration of a source: of bytes it counts, of text it says nothing.
def tried(source):
    names = {}
    try:
        exec(compile(source, "f", "exec"), names)
    except SyntaxError as error:
        return error.args
    return ascii(names["x"])


print(tried("# coding: latin-1\nx = 'é'"))
print(tried("# coding: cp1251\nx = 'é'"))
print(tried("# coding: latin-1\nx = 'é'".encode()))
print(tried("# coding: cp1251\nx = 'д'".encode("cp1251")))
print(tried("#!/usr/bin/python\n# vim: set fileencoding=iso8859-15 :\nx = '€'".encode("iso8859-15")))
print(tried("# coding: koi8_r\nx = 'д'".encode("koi8-r")))
for source in (
    b"# coding: nope\nx = 1",
    b"# coding: cp1251\nx = '\x98'",
    b"# coding: ascii\nx = '\x98'",
    b"# coding: hex\nx = 1",
):
    print(tried(source))
names = {}
exec("# coding: latin-1\nx = 'é'", names)
print(ascii(names["x"]), ascii(eval("# coding: cp1251\n'é'")))
