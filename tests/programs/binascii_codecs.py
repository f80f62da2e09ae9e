"""Hexadecimal digits, base64, uuencoded and quoted-printable data, checksums."""
import binascii as b
def t(f,*a,**k):
    try: print(repr(f(*a,**k)))
    except Exception as e: print(type(e).__module__, type(e).__name__, e)
print(b.Error.__mro__, b.Incomplete.__mro__)
t(b.hexlify,b'abc'); t(b.hexlify,b'abcd',':'); t(b.hexlify,b'abcde',b'-',2); t(b.hexlify,b'abcde','-',-2); t(b.hexlify,b'abc','::'); t(b.hexlify,b'abc','é'); t(b.hexlify,'abc'); t(b.b2a_hex,data=b'ab',sep='_'); t(b.hexlify,b'abc',5); t(b.hexlify,b'abc','-',0); t(b.hexlify,b''); t(b.hexlify,memoryview(b'abcd')[::2]); t(b.hexlify,b'abc','-',100); t(b.hexlify,b'abc',b''); t(b.hexlify,b'abc','\u20ac')
t(b.unhexlify,'616263'); t(b.unhexlify,b'6A6b'); t(b.unhexlify,'abc'); t(b.unhexlify,'zz'); t(b.unhexlify,5); t(b.unhexlify,'é0'); t(b.a2b_hex,'6162 '); t(b.unhexlify,'')
t(b.crc32,b'hello'); t(b.crc32,b'hello',5); t(b.crc32,b'hello',-1); t(b.crc32,b'lo',b.crc32(b'hel')); t(b.crc32,b'',2**40+3); t(b.crc_hqx,b'hello',0); t(b.crc_hqx,b'hello',-1); t(b.crc_hqx,b'hello'); t(b.crc32,'a'); t(b.crc32)
for s in (b'',b'a',b'ab',b'abc',b'abcd',bytes(range(100))): t(b.b2a_base64,s); t(b.a2b_base64,b.b2a_base64(s))
t(b.b2a_base64,b'abc',newline=False); t(b.b2a_base64,'abc'); t(b.b2a_base64,b'abc',False)
for s in ('YWJj','YWI=','YQ==','YQ=','YQ','Y','YWJj\n','YW Jj','YWJj=','=YWJj','YWJjZA','YWJj====','YQ==YQ==','!YWJj','Y=WJj','YQ=a=','Y===','','=','==','A===','AB==C','ABC=D','ABCD=E', 'é', 'YWJjZ','YW==Jj'):
    for strict in (False,True):
        print(repr(s),strict,end=' '); t(b.a2b_base64,s,strict_mode=strict)
t(b.a2b_base64,5); t(b.a2b_base64,b'YQ==',True)
t(b.b2a_uu,b'hello world'); t(b.b2a_uu,b'\0\0\0',backtick=True); t(b.b2a_uu,b'\0\0\0'); t(b.b2a_uu,b'x'*46); t(b.b2a_uu,b''); t(b.b2a_uu,b'',backtick=True)
for s in (b'+:&5L;&\\@=V]R;&0 \n',b'',b'!',b'"86',b' \n', b'`\n', b'#86%X garbage', b'#86%X \n', b'\x7f', b'!\x00', b'#8~',b'%86'): t(b.a2b_uu,s)
t(b.a2b_uu,b.b2a_uu(bytes(range(45)))); t(b.a2b_uu,'é')
for s in (b'abc=3D=\nx',b'=',b'=4',b'a=\r\nb',b'_x',b'=zz',b'a==b',b'abc=41', b'x=\n', b'=4g', b'=\rab\ncd'): t(b.a2b_qp,s); t(b.a2b_qp,s,header=True)
for s in (b'abc=def',b'a b\t',b'a \n',b'x'*80,b'.',b'.\n',b'a.\n',b'\xff\x00',b'a_b c',b'a\r\nb',b'a\nb',b'x'*74+b'=y', b'a\tb', b'line \r\nnext', b'x'*76, b'x'*75+b' ', b'\r', b'a\rb'):
    t(b.b2a_qp,s); t(b.b2a_qp,s,quotetabs=True); t(b.b2a_qp,s,istext=False); t(b.b2a_qp,s,header=True)
t(b.a2b_qp,'é'); t(b.b2a_qp,'a')
