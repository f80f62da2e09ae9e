# needs: cssselect
from cssselect import GenericTranslator, SelectorSyntaxError, parse

for selector in ("div > p.a#b", "a[href^='x']:not(.y)", "li:nth-child(2n+1)", "*|*", "h1 + h2 ~ h3"):
    print(GenericTranslator().css_to_xpath(selector), [s.specificity() for s in parse(selector)])
try:
    parse("a >")
except SelectorSyntaxError as error:
    print(error)
