# needs: pyyaml
import yaml

text = """
name: &n Ann
list: [1, 2.5, true, null, 0x1F, 1e3]
nested:
  - a: *n
    b: |
      two
      lines
  - >
    folded
    text
date: 2001-12-14
merge:
  <<: {x: 1, y: 2}
  y: 3
"""
data = yaml.safe_load(text)
print(data)
print(yaml.safe_dump(data, sort_keys=True))
print(yaml.dump({"s": {1, 2}, "t": "multi\nline", "u": "\u00e9"}, allow_unicode=True, default_flow_style=False))
print([token.__class__.__name__ for token in yaml.scan("a: [b]")], list(yaml.safe_load_all("1\n---\n2")))
for wrong in ("a: [1", "a: b: c", "*x"):
    try:
        yaml.safe_load(wrong)
    except yaml.YAMLError as error:
        print(error)


class Monster(yaml.YAMLObject):
    yaml_tag = "!Monster"
    yaml_loader = yaml.SafeLoader

    def __init__(self, name):
        self.name = name


print(yaml.safe_load("!Monster {name: Dragon}").name, yaml.dump(Monster("x")))
