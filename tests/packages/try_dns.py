# needs: dnspython
import dns.message, dns.name, dns.rdatatype, dns.rrset, dns.zone, dns.reversename

query = dns.message.make_query("www.example.com", "MX")
query.id = 5
print(query.to_wire().hex(), dns.message.from_wire(query.to_wire()).question[0])
name = dns.name.from_text("a.b.example.")
print(name.labels, name.is_subdomain(dns.name.from_text("example.")), name.parent(), dns.reversename.from_address("192.0.2.1"))
zone = dns.zone.from_text("$ORIGIN example.\n@ 3600 SOA ns hostmaster 1 2 3 4 5\n@ NS ns\nns A 192.0.2.1\nx AAAA ::1\n", origin="example.")
print(sorted(map(str, zone.nodes)), zone.find_rdataset("ns", "A"), dns.rrset.from_text("h", 60, "IN", "TXT", '"a b"'))
