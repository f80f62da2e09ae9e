# needs: idna
import idna

print(idna.encode("b\u00fccher.example"), idna.decode("xn--bcher-kva.example"), idna.encode("\u65e5\u672c\u8a9e.jp"))
print(idna.encode("K\u00f6nigsg\u00e4\u00dfchen", uts46=True), idna.alabel("fa\u00df"), idna.ulabel("xn--fa-hia"))
for wrong in ("a" * 64, "\u0628a", "-a", "", "a..b"):
    try:
        print(idna.encode(wrong))
    except idna.IDNAError as error:
        print(type(error).__name__, error)
