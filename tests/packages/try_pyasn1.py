# needs: pyasn1
from pyasn1.codec.der import decoder, encoder
from pyasn1.type import namedtype, tag, univ


class Record(univ.Sequence):
    componentType = namedtype.NamedTypes(namedtype.NamedType("id", univ.Integer()), namedtype.OptionalNamedType("name", univ.OctetString()))


record = Record()
record["id"] = 300
record["name"] = b"ab"
data = encoder.encode(record)
print(data.hex(), decoder.decode(data, asn1Spec=Record())[0].prettyPrint())
print(encoder.encode(univ.ObjectIdentifier("1.2.840.113549")).hex(), decoder.decode(bytes.fromhex("0101ff"))[0])
