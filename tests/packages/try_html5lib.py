# needs: html5lib webencodings six
import html5lib

tree = html5lib.parse("<p>One<p>Two<table><tr><td>x</table>&amp;&eacute;<b><i>mis</b>nested</i>", treebuilder="etree", namespaceHTMLElements=False)
from xml.etree import ElementTree
print(ElementTree.tostring(tree, encoding="unicode"))
print(html5lib.serialize(tree, tree="etree", omit_optional_tags=False))
