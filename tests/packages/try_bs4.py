# needs: beautifulsoup4 soupsieve typing-extensions
from bs4 import BeautifulSoup

html = '<html><body><p class="a b" id=x>One <b>two</b></p><p>Three<br>four</p><ul><li>1<li>2</ul><!-- c --><a href="/u?q=1&amp;r">l</a></body></html>'
soup = BeautifulSoup(html, "html.parser")
print(soup.p["class"], soup.find("p", id="x").get_text(), [p.text for p in soup.find_all("p")], soup.a["href"])
print(soup.select("p.a > b"), soup.select_one("li:nth-of-type(1)").contents[0], soup.b.parent.name, soup.b.find_next("p").text)
soup.p.append(soup.new_tag("i", attrs={"k": "v"}))
soup.b.replace_with("TWO")
print(soup.p, soup.prettify()[:80])
