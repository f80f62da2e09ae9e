"""What unicodedata says of characters, and what it refuses."""
import unicodedata as u
def t(f,*a,**k):
    try: print(ascii(f(*a,**k)))
    except Exception as e: print(type(e).__name__, ascii(e.args[0]))
for c in ('a','1','\xbd','\u0660','\u2460','\u4e00','\xc5','\u212b','\ufb01','\uac00','\ud800','\u0301','(','\U0001f600','\x00','\u05d0','\uff21','\xb2','\u2167','\u3007'):
    for f in (u.decimal,u.digit,u.numeric): print(f(c,'-'), end=' ')
    for f in (u.category,u.bidirectional,u.combining,u.mirrored,u.east_asian_width,u.decomposition): print(f(c), end=' ')
    print(u.name(c,'none'), u.ucd_3_2_0.name(c,'none'), u.ucd_3_2_0.category(c))
t(u.decimal,'a'); t(u.digit,'a'); t(u.numeric,'a'); t(u.name,'\x00'); t(u.lookup,'no such'); t(u.lookup,'LATIN SMALL LETTER A'); t(u.lookup,'latin small letter a'); t(u.lookup,'HANGUL SYLLABLE GAG'); t(u.lookup,'CJK UNIFIED IDEOGRAPH-4E00'); t(u.lookup,'LATIN SMALL LETTER R WITH TILDE'); t(u.lookup,'NULL')
t(u.category,'ab'); t(u.category,5); t(u.category); t(u.name,'ab',1); t(u.name,5); t(u.name); t(u.decimal,'a',1,2);  t(u.normalize,'NFX','a'); t(u.normalize,'NFC'); t(u.normalize,1,'a'); t(u.normalize,'NFC',5)
for form in ('NFC','NFD','NFKC','NFKD'):
    for s in ('abc','\xc5','A\u030a','\u212b','\ufb01','\uac00','\u1100\u1161','\ud800a\u0301','a\u0323\u0307','\u1e9b\u0323',''):
        print(form, ascii(u.normalize(form,s)), u.is_normalized(form,s))
print(u.unidata_version, u.ucd_3_2_0.unidata_version, type(u.ucd_3_2_0)); t(u.ucd_3_2_0.lookup,'GREEK SMALL LETTER ALPHA'); t(type(u.ucd_3_2_0))
t(u.is_normalized,'x','a')
