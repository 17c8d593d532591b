"""The cases: family, template with `@` for the subject, name of the list of subjects."""

QUERIES = """address ip bool broadcast cidr cidr_lookup first_usable gateway gw host host/prefix hostnet router hostmask
wildcard int ip/prefix ip_netmask ip_wildcard ipv4 ipv6 last_usable link-local lladdr linklocal loopback lo multicast net
network network_id network/prefix subnet network_netmask network_wildcard next_usable netmask peer prefix previous_usable
private public range_usable reserved revdns size size_usable type unicast v4 v6 version wrap 6to4 foo 0 1 -1 8 300 -300 1.5
1e3 nan 0x10 10.0.0.0/8 192.168.0.0/16 10.0.0.5 ::/0 2001:db8::/32 0.0.0.0/0 24/24 10.0.0.0/255.0.0.0 10.1.2.3/8""".split()

CASES = []


def add(family, subjects, *templates):
    for template in templates:
        CASES.append((family, "{{ @ | %s }}" % template, subjects))


add("ipaddr", "addresses", "ansible.utils.ipaddr", *(f"ansible.utils.ipaddr('{query}')" for query in QUERIES))
add("ipaddr", "special", *(f"ansible.utils.ipaddr('{query}')" for query in
    "public private unicast multicast loopback link-local 6to4 ipv4 ipv6 wrap".split()))
add("ipaddr", "few", *(f"ansible.utils.ipaddr({arguments})" for arguments in (
    "8", "-3", "true", "false", "none", "[]", "1.5", "{'a':1}", "' 8 '", "'1_0'", "16777216", "-16777216", "-16777217",
    "'net', 4", "'net', version=6", "'address', version=5", "'address', 4, 'x'", "'foo', 4, 'x'", "'address', 4, 'x', 5",
    "bar=1", "foo=1, bar=2", "1, query=2", "1, value=2", "1, 'x'", "1, '4'", "query='net'", "'address', 4, none")))
add("ipv4 and ipv6", "addresses", *(f"ansible.utils.{name}{query}" for name in ("ipv4", "ipv6")
    for query in ("", "('address')", "('host')", "('net')", "('prefix')", "('1')", "('foo')")))
add("ipv4 and ipv6", "few", "ansible.utils.ipv4(1, 2, 3)", "ansible.utils.ipv6(x=1)")
add("ipwrap", "addresses", "ansible.utils.ipwrap", "ansible.utils.ipwrap('foo')")
add("ipaddr", "narrow", *(f"ansible.utils.ipaddr('{query}')" for query in
    "first_usable last_usable next_usable previous_usable range_usable peer 6to4 public private 0 1 -1 size_usable".split()))
add("ipmath", "addresses", *(f"ansible.utils.ipmath({amount})" for amount in ("", "5", "-10", "'3'")))
add("ipmath", "few", *(f"ansible.utils.ipmath({amount})" for amount in (
    "0", "1.5", "2.0", "true", "none", "[]", "'x'", "1, foo=2", "amount=1", "99999999999", "-99999999999",
    "340282366920938463463374607431768211456", "-340282366920938463463374607431768211456")))
add("nthhost", "addresses", *(f"ansible.utils.nthhost({query})" for query in ("", "1", "-1", "'2'")))
add("nthhost", "few", *(f"ansible.utils.nthhost({query})" for query in (
    "0", "300", "-300", "'x'", "''", "none", "1.5", "true", "query=3", "'1.5'")))
for name in ("next_nth_usable", "previous_nth_usable"):
    add("nth usable", "addresses", f"ansible.utils.{name}(2)", f"ansible.utils.{name}(-1)")
    add("nth usable", "few", *(f"ansible.utils.{name}({offset})" for offset in (
        "", "0", "1", "'2'", "'x'", "300", "none", "true", "offset=1", "99999999999")))
    add("nth usable", "narrow", f"ansible.utils.{name}(1)")
for name in ("network_in_network", "network_in_usable"):
    add("network in", "addresses", *(f"ansible.utils.{name}('{test}')" for test in (
        "192.168.0.1", "192.168.0.0/24", "10.0.0.0/9", "2001:db8::1", "2001:db8::/64")))
    add("network in", "few", *(f"ansible.utils.{name}({test})" for test in (
        "", "'foo'", "''", "none", "5", "'5'", "'192.168.1.255'", "'192.168.0.0'", "'10.255.255.255'", "'0.0.0.0'", "'::'",
        "'192.168.0.64/26'", "test='192.168.0.1'", "['192.168.0.1']", "'192.168.1.1/32'", "'192.168.1.0/31'",
        "'2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'", "'2001:db8::'", "'2001:db8::/127'")))
add("reduce_on_network", "networks", *(f"ansible.utils.reduce_on_network({network})" for network in (
    "", "'192.168.0.0/24'", "'10.0.0.0/8'", "'foo'", "'::/0'", "'0.0.0.0/0'", "none", "network='192.168.0.0/16'", "5")))
add("cidr_merge", "networks", *(f"ansible.utils.cidr_merge({action})" for action in (
    "", "'merge'", "'span'", "'foo'", "none", "action='span'", "''")))
add("ip4_hex", "addresses", "ansible.utils.ip4_hex")
add("ip4_hex", "few", *(f"ansible.utils.ip4_hex({delimiter})" for delimiter in ("':'", "''", "none", "5", "delimiter='-'")))
add("ipcut", "addresses", "ansible.utils.ipcut(3)")
add("ipcut", "few", *(f"ansible.utils.ipcut({amount})" for amount in ("", "-3", "0", "20", "-12", "-20", "40", "-40", "200", "-200", "64", "-16", "'2'", "'x'", "none", "amount=1")))
add("ipv6form", "addresses", "ansible.utils.ipv6form('expand')", "ansible.utils.ipv6form('compress')", "ansible.utils.ipv6form('x509')")
add("ipv6form", "few", *(f"ansible.utils.ipv6form({form})" for form in ("", "'foo'", "none", "format='x509'", "5")))
add("usable_range", "small", "ansible.utils.usable_range", "ansible.utils.usable_range(1)", "ansible.utils.usable_range(x=1)")
add("slaac", "addresses", "ansible.utils.slaac('c2:31:b3:83:bf:2b')")
add("slaac", "few", *(f"ansible.utils.slaac({query})" for query in (
    "", "'foo'", "''", "none", "5", "'5'", "'c231b383bf2b'", "'00-00-00-00-00-01'", "'1A-02-3c-4d-5e-6f-11-22'", "query='1:2:3:4:5:6'")))
add("ipsubnet", "addresses", *(f"ansible.utils.ipsubnet({query})" for query in ("", "20", "28, 0", "26, -1", "8, 0", "'192.168.0.0/16'")))
add("ipsubnet", "few", *(f"ansible.utils.ipsubnet({query})" for query in (
    "4", "33", "129", "-1", "'x'", "8, 1", "8, -1", "16, 5", "24, 3", "24, -2", "30, 1", "20, 16", "20, -17", "18, 15", "18, '2'",
    "18, 'x'", "0", "0, 0", "''", "none", "24, none", "'10.0.0.0/8'", "'2001:db8::/16'", "'192.168.0.1'", "query=24, index=1",
    "'10.0.0.1/8'", "32", "128", "120, 0", "127, -1", "64, 7", "24.0", "true", "'192.168.0.0/16', 1", "'0'")))
add("hwaddr", "hardware", *(f"ansible.utils.{name}({query})" for name in ("hwaddr", "macaddr") for query in (
    "", "'bare'", "'bool'", "'int'", "'cisco'", "'eui48'", "'linux'", "'pgsql'", "'postgresql'", "'psql'", "'unix'", "'win'", "'foo'",
    "none", "'linux', 'x'", "'foo', 'x'", "'linux', alias='y'", "x=1")))
add("ipsubnet", "narrow", *(f"ansible.utils.ipsubnet({query})" for query in ("28, 0", "30, 1", "64, 0", "120, 1", "8, -1", "25, -50", "25, 50")))

DATA = """'{"a":1,"b":{"c":[1,2,{"k":"v"}],"d":null},"people":[{"n":"x","age":3,"t":["p","q"]},{"n":"y","age":5},{"n":"z"}],
"s":["b","a"],"i":[3,1,2],"f":[1.5,0.5],"m":[1,"a"],"nested":[[1,[2]],[3],4],"e":"","z":0,"y":true,"o":{"k1":{"v":1},"k2":{"v":2},"k3":5},
"big":123456789012345678901234567890,"dash-key":7,"u":"h\\\\u00e9"}'""".replace("\n", "")
CASES.append(("json_query", "{{ %s | from_json | community.general.json_query(@) }}" % DATA, "json"))
for data in ("'text'", "5", "[1,2,3]", "none", "true", "[]", "{}", "[{'n':'b'},{'n':'a'}]", "(1,2)"):
    CASES.append(("json_query", "{{ %s | community.general.json_query(@) }}" % data, "json few"))
CASES.append(("json_query", "{{ {'a':1} | json_query(@) }}", "json few"))
CASES.append(("json_query", "{{ {'a':1} | community.general.json_query@ }}", "json calls"))
CASES.append(("general", "{{ @ }}", "general"))

ADDRESS_TESTS = """ip ip_address ipv4 ipv4_address ipv4_hostmask ipv4_netmask ipv6 ipv6_address ipv6_ipv4_mapped ipv6_sixtofour ipv6_teredo
loopback multicast private public reserved unspecified""".split()


def test(subjects, *tests):
    for one in tests:
        CASES.append(("address tests", "{{ @ is ansible.utils.%s }}" % one, subjects))


for name in ("addresses", "special", "narrow", "small"):
    test(name, *ADDRESS_TESTS)
test("few", *(f"{one}{arguments}" for one in ADDRESS_TESTS[:3] for arguments in ("(1)", "(x=1)")))
test("addresses", "in_network('10.0.0.0/8')", "in_network('::/0')", "in_any_network(['192.168.0.0/16','10.0.0.0/8','foo'])",
    "in_one_network(['10.0.0.0/8','10.0.0.0/16','::/0'])", "subnet_of('10.0.0.0/7')", "supernet_of('192.168.0.0/25')", "subnet_of('::/0')",
    "supernet_of('::1')")
test("few", *(f"{one}({argument})" for one in ("in_network", "in_any_network", "in_one_network", "subnet_of", "supernet_of")
    for argument in ("", "'foo'", "none", "5", "[]", "[5]", "'10.0.0.1/8'", "x=1", "'::', 2")))
test("hardware", "mac", "mac(1)")
CASES.append(("expressions", "{{ @ }}", "expressions"))
