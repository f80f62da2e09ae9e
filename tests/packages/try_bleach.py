# needs: bleach webencodings
import bleach

print(bleach.clean('<b onclick="x">a</b><script>bad()</script> <a href="javascript:x">y</a> & <i>z'))
print(bleach.linkify("see http://example.com and mail@x.org"), bleach.clean("<p>x</p>", tags={"p"}, strip=True))
