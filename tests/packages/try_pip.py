# needs: pip
from pip._vendor.packaging.version import Version
from pip._internal.cli.main_parser import parse_command
from pip._internal.models.link import Link
from pip._internal.req.req_file import preprocess

print(Version("1.0") < Version("2"), parse_command(["install", "x"]), Link("https://x/y-1.0-py3-none-any.whl#sha256=aa").filename)
print(list(preprocess("a==1 # c\n-r \\\nother.txt\n")))
from pip._internal.cli.main import main
print(main(["--version", "--no-color"]) if False else main(["help"]) in (0, None))
