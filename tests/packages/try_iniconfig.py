# needs: iniconfig
import iniconfig

config = iniconfig.IniConfig("x.ini", data="# c\n[a]\nk = 1\nlist =\n  x\n  y\n[b]\nz: 2 # not\n")
print(config["a"]["k"], config.get("a", "list").split(), config.get("b", "none", "default"), [s.name for s in config], config.lineof("b", "z"))
try:
    iniconfig.IniConfig("y.ini", data="[a]\nnonsense")
except iniconfig.ParseError as error:
    print(error)
