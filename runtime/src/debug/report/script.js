// A link into what is folded opens it.
function show() {
  let part = location.hash && document.getElementById(location.hash.slice(1));
  for (let at = part; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  if (part) part.scrollIntoView();
}
addEventListener("hashchange", show);
addEventListener("load", show);
