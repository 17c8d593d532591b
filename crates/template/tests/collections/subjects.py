"""What the templates of `cases.py` are tried on: Jinja expressions by the name of their list."""

from expressions import EXPRESSIONS


def texts(words):
    return [f"'{word}'" for word in words]


def quoted(query):
    """The query as a Jinja literal; ansible-core leaves backslashes in literals alone."""
    if "'" not in query:
        return f"'{query}'"
    return "(" + " ~ \"'\" ~ ".join(f"'{part}'" for part in query.split("'")) + ")"


SUBJECTS = {}

SUBJECTS["addresses"] = texts(
    """192.168.0.1 192.168.0.1/24 192.168.0.0/24 10.0.0.0/8 10.0.0.255/8 10.255.255.255/8 192.168.1.0/31 192.168.1.1/31
    192.168.1.1/32 192.168.1.5/30 192.168.1.4/30 8.8.8.8 8.8.8.0/24 8.8.8.8/24 127.0.0.1 127.0.0.0/8 169.254.1.1
    169.254.0.0/16 224.0.0.1 224.0.0.0/4 240.0.0.1 255.255.255.255 255.255.255.0 255.255.0.255 0.0.0.0 0.0.0.0/0 0.0.0.255
    1.2.3.4/0 192.168.0.1/255.255.255.0 192.168.0.0/255.255.255.0 192.168.0.0/0.0.0.255 192.168.0.1/0.0.0.3
    192.168.0.1/255.0.255.0 192.0.2.1 198.18.0.1 100.64.0.1 172.16.5.5/12 172.32.0.1 192.88.99.1 192.0.0.1 198.51.100.7
    10.0.0.1/33 10.0.0.1/-1 10.0.0 10 10/8 10.1/16 1.2.3.4.5 300.1.1.1 foo host.fqdn
    ::1 ::1/128 :: ::/0 fe80::1 fe80::100/10 fe80::1/64 2001:db8::1 2001:db8::/32 2001:db8::1/64 2001:db8:0:1::/64 2001:DB8::A
    2001:0db8:0000:0000:0000:0000:0000:0001 2001:db8:0:0:1:0:0:1/127 2002:c000:0201::1 2002:c0a8:0001::/48 ::ffff:1.2.3.4 ::1.2.3.4
    ::ffff:1.2.3.4/120 64:ff9b::1.2.3.4 fc00::1 fd00::/8 ff02::1 3ffe::1 fec0::1 2001::1 2a00:1450::1 2001:db8::1/129
    fe80::1%eth0 2001:db8::g ::: 1:2:3:4:5:6:7:8 2001:db8::1/ffff:ffff::
    3232235521 0 1 -1 3232235521/24 4294967296 42540766412265424405338506004571095040/64 0x0a000001 0x0a000001/8 012.1.1.1
    1.2.3.4/ /24 1.2.3.4/a 1.2.3.4/24/24 1.2.3.4/024""".split()
) + [part.replace("~", " ") for part in """'' '~' '~1.2.3.4~' '1.2.3.4/24~' '192.168.0.1~255.255.255.0' 1 0 -1 24 32
    3232235521 4294967295 4294967296 42540766412265424405338506004571095040 340282366920938463463374607431768211456
    true false none (1.5) [] {} ['192.168.0.1','foo','2001:db8::1/64',5] ['192.168.0.0/24','192.168.0.1/24','::1']
    [['10.0.0.1'],'10.0.0.0/8'] ['foo'] ('10.0.0.1','x') {'a':'10.0.0.1'} [true,none,'']""".split()]
SUBJECTS["few"] = texts(
    """192.168.0.1 192.168.0.1/24 10.0.0.0/8 192.168.1.0/31 192.168.1.1/32 192.168.1.7/30 224.0.0.1 0.0.0.0/0 ::1 fe80::100/10
    2001:db8::/32 ff02::1 10 2001:db8::/127""".split()
) + ["['192.168.0.1','foo','2001:db8::1/64']"]
SUBJECTS["special"] = texts(
    """0.0.0.1 0.255.255.255 1.0.0.0 9.255.255.255 10.0.0.0 10.255.255.255 11.0.0.0 100.63.255.255 100.64.0.0 100.127.255.255
    100.128.0.0 126.255.255.255 127.255.255.255 128.0.0.0 169.253.255.255 169.254.0.0 169.255.0.0 172.15.255.255 172.16.0.0
    172.31.255.255 172.32.0.0 191.255.255.255 192.0.0.0 192.0.0.8 192.0.0.9 192.0.0.10 192.0.0.11 192.0.0.170 192.0.0.255 192.0.1.0
    192.0.2.255 192.0.3.0 192.31.196.1 192.52.193.1 192.88.99.0 192.88.100.0 192.167.255.255 192.169.0.0 192.175.48.1
    198.17.255.255 198.19.255.255 198.20.0.0 198.51.99.255 198.51.100.0 198.51.101.0 203.0.112.255 203.0.113.0 203.0.114.0
    223.255.255.255 224.0.0.0 239.255.255.255 239.0.0.1/8 240.0.0.0 254.255.255.255 10.0.0.0/7 192.0.0.9/24
    ::2 ::fffe:ffff:ffff ::ffff:0:0 ::ffff:ffff:ffff ::1:0:0:0 64:ff9b:: 64:ff9b:0:ffff:: 64:ff9b:1:: 64:ff9b:2:: ff:ffff:: 100::
    100::ffff:ffff:ffff:ffff 100:0:0:1:: 2000:ffff:: 2001:: 2001:1:: 2001:1::1 2001:1::2 2001:1::3 2001:2:: 2001:3:: 2001:4:111::
    2001:4:112:: 2001:4:113:: 2001:10:: 2001:1f:: 2001:20:: 2001:2f:ffff:: 2001:30:: 2001:3f:: 2001:40:: 2001:1ff:ffff:: 2001:200::
    2001:db7:ffff:: 2001:db9:: 2002::/16 2002:102:304::1/48 2001:ffff:: 2003:: 2620:4f:8000:: 3fff:: 5f00:: fbff:ffff:: fc00:: fdff:ffff::
    fe00:: fe7f:ffff:: fe80:: febf:ffff:: fec0:: feff:: ff00:: ffff:ffff:: ::1.2.3.4/96 ::0.1.0.2 ::1:2:3""".split()
)
SUBJECTS["narrow"] = texts(
    """::/0 ::/64 ::/96 ::1/126 ::2/126 ::3/126 ::/127 ::1/127 ::ffff:ffff/96 2001:db8::1/126 2001:db8::3/126 2001:db8::ffff/112 0.0.0.0/31
    0.0.0.0/30 255.255.255.255/0 255.255.255.254/31 255.255.255.252/30 255.255.255.253/30 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/64
    2002:102:304::1/48 2002:102:304::/48 2002::1/16 ::3 ::ff 1.255.255.255 ffff:: f000:: 254.0.0.0 192.0.0.0/2 128.0.0.0/24""".split()
)
SUBJECTS["networks"] = [part.replace("~", " ") for part in """['10.0.0.0/24','10.0.1.0/24'] ['10.0.0.0/24','foo'] ['10.0.0.1','::1']
    ['192.168.0.34','10.3.0.3','192.168.2.34'] ['192.168.0.34','foo','2001:db8::1','192.168.0.1/24'] '192.168.0.34' [] '' none 5
    ['10.0.0.1','10.0.0.2','10.0.0.3','10.0.0.0','2001:db8::/33','2001:db8:8000::/33'] ['10.0.0.5/24','10.0.0.5','10.0.0.6/24'] [5,'10.0.0.5']
    ['10.0.0.1','10.0.0.5','10.0.3.0/24'] ['10.0.0.0/24'] ['0.0.0.0/1','128.0.0.0/1'] ['0.0.0.0/0','1.2.3.4'] ['::/0','::1'] [none] ['']
    ['10.0.2.0/24','10.0.0.0/24','10.0.1.0/24','10.0.3.0/24','10.0.5.0/24'] ['255.255.255.255','255.255.255.254'] ('10.0.0.1','10.0.0.0')
    ['2001:db8::1','2001:db8::2','10.0.0.1'] ['10.0.0.0/255.255.255.0','10.0.1.0/24'] [['10.0.0.0/24']] {'10.0.0.1':1} 1.5 true
    ['10.0.0.1','10.0.0.1'] ['2001:db8::1','2001:db8:1::1']""".split()]
SUBJECTS["small"] = texts(
    """192.168.0.0/28 192.168.0.1/30 192.168.0.0/30 192.168.0.0/31 192.168.0.0/32 192.168.0.0 192.168.0.1 2001:db8::/126 2001:db8::1 2001:db8::1/126
    foo 300.1.1.1 10.0.0.0/33 10.0.0.0/-1 10.0.0.0/255.255.255.252 10.0.0.0/0.0.0.3 10.0.0.0/255.0.255.0 10.0.0.0/a 5 012.1.1.1 ::1%eth0
    ::1%eth0/128 10.0.0.0/ 10.0.0.0/30/1 ::/129 ::g /30 1.2.3 ::1:0:0/126 ::ffff:1.2.3.4/126 10.0.0.0/030 10.0.0.0/+30 ::/ffff::""".split()
) + ["''", "5", "none", "1.5", "true", "['10.0.0.0/30']", "{}", "4294967296", "-1"]
SUBJECTS["hardware"] = texts(
    """1a:2b:3c:4d:5e:6f 1A:02:3c:4d:5e:6f foo 1A023c4d5e6f 1A02.3c4d.5e6f 1A023c-4d5e6f 1A023c:4d5e6f 1A-02-3c-4d-5e-6f 1A-02-3c-4d-5e-6f-11-22
    1:2:3:4:5:6 12345 0 00:00:00:00:00:00 ff:ff:ff:ff:ff:ff 1a:2b:3c:4d:5e 1a:2b:3c:4d:5e:6f:70 1a2b.3c4d 1a2b.3c4d.5e6f.7081 1a:2b:3c:4d:5e:6g
    281474976710655 281474976710656 18446744073709551616 1a2b:3c4d:5e6f 1a-2b:3c-4d-5e-6f 1.2.3 abcdef 0x1a2b 1a2b3c4d5e6f7081 192.168.0.1 123456789012 12345678901 1234567890123456 12345678901234567 1234567890""".split()
) + ["''", "' 1:2:3:4:5:6 '", "12345", "0", "-1", "281474976710656", "18446744073709551616", "none", "true", "['1:2:3:4:5:6']", "1.5", "{}"]
SUBJECTS["json"] = [quoted(query) for query in r"""a
b.c
b.c[0]
b.c[-1]
b.c[2].k
b.c[9]
b.c[-9]
b.d
b.d.x
nope
nope.x
people[*].n
people[].n
people[].t[]
people[*].t[*]
people[*].t
people[?age]
people[?age > `3`].n
people[?age >= `3`].n
people[?age < `5`].n
people[?age <= `5`]
people[?age == `3`]
people[?age != `3`]
people[?n == 'x']
people[?n == `x`]
people[?n == `"x"`]
people[?n > 'x'].n
people[?n == "x"]
people[?contains(n, 'x')]
people[?contains(t, 'p')]
people[?starts_with(n, 'x')]
people[?n=='x' || n=='y'].n
people[?n=='x' && age==`3`].n
people[?!t].n
people[?n=='x']|[0]
people[?n=='x'].t | [0]
people[?n=='x'].t[0]
people[0]
people[-1].n
people[0:2].n
people[::2].n
people[::-1].n
people[1:].n
people[:1].n
people[-2:].n
people[5:].n
people[::0]
people[:::]
people[1:2:3:4]
people[a]
people[0].{x: n, y: age}
people[].{x: n, y: age}
people[*].{name: n, 'x': age}
people[*].{name: n, "x y": age}
people[*].[n, age]
people[].[n, age][]
[a, z, e]
{a: a, b: b.d}
*
o.*
o.*.v
o.*.v | [0]
o.* | [0]
*.k1
b.*
nested[]
nested[][]
nested[*][0]
nested[0][1]
nested[0][1][0]
[]
[*]
[0]
@
@.a
`5`
`"x"`
`[1,2]`
`{"a": [1]}`
`true`
`null`
`1.5`
`foo`
` foo`
`{bad`
`a\`b`
'raw'
'ra\'w'
'ra\\w'
"dash-key"
dash-key
"a"
"unclosed
'unclosed
`unclosed
"bad\escape"
"\u0061"
a || b
e || a
nope || 'default'
z || 'zero'
e && a
a && e
y && a
!a
!e
!z
!!a
a == `1`
a == `true`
z == `false`
y == `1`
y == `true`
a < `2`
a > e
s < i
e < 's'
a < 's'
y < `2`
(a)
(people)[0].n
(people[*].n)[0]
people[*].n | [0]
people[*].n | sort(@) | reverse(@)
length(people)
length(s)
length('héllo')
length(u)
length(o)
length(a)
length()
length(a, b)
length(nope)
abs(a)
abs(`-5`)
abs(`-1.5`)
abs('x')
abs(`true`)
avg(i)
avg(f)
avg(`[]`)
avg(s)
avg(m)
ceil(`1.2`)
ceil(`-1.2`)
ceil(a)
floor(`1.2`)
floor(`-1.2`)
floor('a')
contains(s, 'a')
contains(s, 'zz')
contains(i, `3`)
contains(i, `true`)
contains('text', 'ex')
contains('text', `1`)
contains(a, 'x')
contains(nope, 'x')
ends_with('text', 'xt')
ends_with('text', `1`)
starts_with('text', 'te')
starts_with(a, 'te')
join(',', s)
join(',', i)
join(`1`, s)
join(',', 'x')
join('', `[]`)
join(', ', people[*].n)
keys(o)
keys(@)
keys(a)
keys(nope)
values(o)
values(i)
map(&n, people)
map(&age, people)
map(&nope, `[]`)
map(n, people)
map(&n, a)
max(i)
max(s)
max(f)
max(`[]`)
max(m)
max(people)
max(a)
min(i)
min(s)
min(m)
max_by(people, &n)
max_by(people, &age)
max_by(people[:2], &age)
max_by(`[]`, &age)
max_by(people, n)
max_by(people, &t)
min_by(people, &n).n
min_by(people[:2], &age).n
min_by(m, &@)
sort_by(people, &n)[*].n
sort_by(people, &age)
sort_by(people[:2], &age)[*].n
sort_by(people, &t)
sort_by(`[]`, &t)
sort_by(m, &@)
sort_by(`["a", 1]`, &@)
sort(s)
sort(i)
sort(f)
sort(m)
sort(`["a", 1]`)
sort(people)
sort(`[]`)
sort('text')
sum(i)
sum(f)
sum(`[]`)
sum(`[1, 1.5]`)
sum(s)
merge(o, b)
merge(`{"a":1}`, `{"a":2}`)
merge()
merge(a)
merge(o, nope)
not_null(nope, a)
not_null(nope)
not_null()
reverse(s)
reverse('text')
reverse(a)
to_array(a)
to_array(s)
to_number('5')
to_number('5.5')
to_number('1e3')
to_number('x')
to_number(' 7 ')
to_number(s)
to_number(y)
to_number(a)
to_number(nope)
to_string(a)
to_string('x')
to_string(o)
to_string(u)
to_string(nope)
to_string(y)
to_string(f)
type(a)
type(s)
type(o)
type(y)
type(nope)
type('x')
type(f[0])
type(big)
big
big > a
to_string(big)
nofunc(a)
nofunc()
items(o)
zip(s, i)
&a
[&a]
a b
a]
a)
a}
a.
a..b
.a
a.[b
a.{b
a.{b:
a.{b:a
a.{b a}
a.{`b`: a}
a[
a[0
a[`0`]
a[*
a[?
a[?b
a[?b]
people[?]
a.0
a.'x'
a.&b
a.`x`
a,b
a=b
a.#
#
a ~ b
$
-
-1
[-1]
i[-1]
i[--1]
i[1-]
a:b
a |
a ||
a &&
a <
a < < b
< a
| a
!
()
(a
(a b)
foo.bar(a)
@(a)
"length"(a)
'length'(a)
length(a
length(a,
length(s,)
length(,s)
join(',' s)
{}
{a}
{a:}
{a: b,}
[a,]
[,a]
[a b]
*.*
**
* *
people[*]n
people[]n
people[0]n
people.n
people.*.n
people[*].*
people[*][*]
people[*].t[0]
people[*].t | [0][0]
o.*[].v
o.k1.v == `1`
people[?age > avg(people[?age].age)]
people[?type(age) == 'number'].n
people[?length(n) == `1`] | length(@)
sort_by(people, &n)[::-1].n
people[*].{n: n, c: length(to_string(@))}
s[?@ == 'a']
i[?@ > `1`]
nested[?type(@) == 'array']
o.*.v[]
@.*
[@, @]
{x: @}.x.a
[99999999999999999999999]
i[0:99999999999999999999]
é
a.é
'é' == u
  a  
a
	b""".split("\n")]
SUBJECTS["json few"] = [quoted(query) for query in """a
@
[0]
[*]
length(@)
[*].n
sort(@)
sort_by(@, &n)[*].n
*
@ == `5`
[]
[?n]
a.b
max(@)
type(@)
to_string(@)
[1:]
!@
@ < `7`
[n]
{n: n}""".split("\n")]
SUBJECTS["json calls"] = ["", "()", "('')", "(' ')", "(5)", "(0)", "(none)", "(true)", "([])", "([1])", "({})", "(1.5)", "('a', 1)", "(expr='a')", "(query='a')", "('a', expr='a')"]
SUBJECTS["general"] = """[[1,2],['a','b']] | community.general.dict
[(1,2)] | community.general.dict
['ab','cd'] | community.general.dict
[1] | community.general.dict
[[1]] | community.general.dict
[[[1],2]] | community.general.dict
{'a':1} | community.general.dict
[] | community.general.dict
none | community.general.dict
'ab' | community.general.dict
[1,2] | community.general.dict(3)
1 | community.general.dict_kv('a')
[1] | community.general.dict_kv(5)
[1] | community.general.dict_kv([])
[1] | community.general.dict_kv('a', 'b')
'abca' | community.general.counter
['a',1,'a',true] | community.general.counter
[[1],[1]] | community.general.counter
5 | community.general.counter
{'a':1} | community.general.counter
none | community.general.counter
[{'a':1,'b':2},{'a':3}] | community.general.groupby_as_dict('a')
[{'a':1,'b':2},{'a':1}] | community.general.groupby_as_dict('a')
[{'a':1,'b':2},{'b':1}] | community.general.groupby_as_dict('a')
[1] | community.general.groupby_as_dict('a')
{'a':{'a':1}} | community.general.groupby_as_dict('a')
'abc' | community.general.groupby_as_dict('a')
[{'a':[1]}] | community.general.groupby_as_dict('a')
[1,2,3] | community.general.accumulate
['a','b'] | community.general.accumulate
'abc' | community.general.accumulate
[1,'a'] | community.general.accumulate
5 | community.general.accumulate
[[1],[2]] | community.general.accumulate
'abc' | community.general.crc32
5 | community.general.crc32
'' | community.general.crc32
'é' | community.general.crc32
none | community.general.crc32
[1,2,2,3] | community.general.lists_union([3,4],[1])
[1,2,2,3] | community.general.lists_intersect([3,2,2])
[1,2,2,3] | community.general.lists_difference([3])
[1,2,2,3] | community.general.lists_symmetric_difference([3,5,5])
[[1,2],[2,3]] | community.general.lists_union(flatten=true)
[[1,2],[2,3]] | community.general.lists_intersect(flatten=true)
[1,2,2,3] | community.general.lists_union
[1,2,2,3] | community.general.lists_intersect
[1,2,2,3] | community.general.lists_symmetric_difference
[1,2] | community.general.lists_union('ab')
'ab' | community.general.lists_union([1])
[1,2] | community.general.lists_union(5)
[1,2] | community.general.lists_union([[1],[1]])
[1,2] | community.general.lists_union([1], foo=1)
[1,true,1.0] | community.general.lists_union([0,false])
[{'a':1,'b':2,'c':3}] | community.general.keep_keys(target=['a','b'])
[{'a':1,'b':2,'c':3}] | community.general.keep_keys(target='a')
[{'a1':1,'b':2,'ac':3}] | community.general.keep_keys(target='a', matching_parameter='starts_with')
[{'a1':1,'b':2,'ca':3}] | community.general.keep_keys(target=['a','1'], matching_parameter='ends_with')
[{'a1':1,'b':2,'ca':3}] | community.general.keep_keys(target='^a|b', matching_parameter='regex')
[{'a1':1,'b':2,'ca':3}] | community.general.keep_keys(target=['^a','b'], matching_parameter='regex')
[{'a1':1,'b':2,'ca':3}] | community.general.keep_keys(target=['^a'], matching_parameter='regex')
[{'a1':1}] | community.general.keep_keys(target='[', matching_parameter='regex')
[{'a1':1}] | community.general.keep_keys(target='a', matching_parameter='foo')
[{'a1':1}] | community.general.keep_keys
[{'a1':1}] | community.general.keep_keys('a1')
[{'a1':1}] | community.general.keep_keys(target=5)
[{'a1':1}] | community.general.keep_keys(target=[])
[{'a1':1}] | community.general.keep_keys(target='')
[{'a1':1}] | community.general.keep_keys(target=[5])
{'a1':1} | community.general.keep_keys(target='a1')
'x' | community.general.keep_keys(target='a1')
[] | community.general.keep_keys(target='a1')
[{1:1}] | community.general.keep_keys(target='a1')
[{'a':1}, 5] | community.general.keep_keys(target='a1')
5 | community.general.keep_keys(target='a1')
[{'a':1,'b':2,'c':3}] | community.general.remove_keys(target=['a','b'])
[{'a1':1,'b':2,'ac':3}] | community.general.remove_keys(target='a', matching_parameter='starts_with')
[{'a1':1,'b':2,'ca':3}] | community.general.remove_keys(target='^a|b', matching_parameter='regex')
[{'a':1,'b':2}] | community.general.replace_keys(target=[{'after':'x','before':'a'}])
[{'a1':1,'b':2}] | community.general.replace_keys(target=[{'after':'x','before':'a'}], matching_parameter='starts_with')
[{'a1':1,'b':2}] | community.general.replace_keys(target=[{'after':'x','before':'^a'}], matching_parameter='regex')
[{'a1':1,'a2':2}] | community.general.replace_keys(target=[{'after':'x','before':'a'}], matching_parameter='starts_with')
[{'a':1}] | community.general.replace_keys(target=[{'after':'x'}])
[{'a':1}] | community.general.replace_keys(target=[])
[{'a':1}] | community.general.replace_keys(target='a')
[{'a':1}] | community.general.replace_keys(target={'after':'x','before':'a'})
[[1,2],5] | community.general.dict
5 | community.general.dict
{'a':[1]} | community.general.dict_kv('b')
1 | community.general.dict_kv
1 | community.general.dict_kv(key='a')
1 | community.general.dict_kv(foo='a')
[] | community.general.counter
(1,1) | community.general.counter
[none, none, 1.5] | community.general.counter
[{}] | community.general.counter
['a'] | community.general.counter(1)
[{'a':'x'},{'a':'x'}] | community.general.groupby_as_dict('a')
[{'a':1}] | community.general.groupby_as_dict
[] | community.general.groupby_as_dict('a')
none | community.general.groupby_as_dict('a')
[] | community.general.accumulate
{'a':1} | community.general.accumulate
none | community.general.accumulate
[1.5, 2] | community.general.accumulate
(1,2) | community.general.accumulate
'The quick brown fox jumps over the lazy dog' | community.general.crc32
[] | community.general.crc32
'a' | community.general.crc32(1)
[1,2] | community.general.lists_intersect('12')
['1','2'] | community.general.lists_intersect('12')
[1,2] | community.general.lists_difference(5)
[1,2] | community.general.lists_symmetric_difference(5)
none | community.general.lists_union([1])
[1] | community.general.lists_union(none)
[1] | community.general.lists_difference([[1]], flatten=true)
[[1,2],[2,[3]]] | community.general.lists_union(flatten=true)
[[1,2],[2,3],[3,4]] | community.general.lists_difference(flatten=true)
[[1,2],[2,3],[3,4]] | community.general.lists_symmetric_difference(flatten=true)
[1,2] | community.general.lists_union([3], [2,4], [5])
[1,2,3] | community.general.lists_intersect([3,2], [2])
[1,2,3] | community.general.lists_difference([3], [2])
[1,2,3] | community.general.lists_symmetric_difference([3], [2,7])
[{'a':1}] | community.general.lists_union([{'a':1},{'b':1}])
[{'a':1},{'b':1}] | community.general.lists_intersect([{'b':1}])
[1] | community.general.lists_union([2], a=1, b=2)
[{'a':1},{'a':2,'b':3}] | community.general.remove_keys(target=['b'])
[{'a':1}] | community.general.remove_keys
[{'a':1}] | community.general.remove_keys(target=['^a','b'], matching_parameter='regex')
[{'a':1}] | community.general.remove_keys(target=[])
[{'xa':1}] | community.general.keep_keys(target='a', matching_parameter='regex')
[{'xa':1}] | community.general.keep_keys(target='.*a', matching_parameter='regex')
[{'a':1}] | community.general.keep_keys(target='a', foo=1)
[{'a':1}] | community.general.keep_keys('a', 'equal', 5)
none | community.general.keep_keys(target='a')
({'a':1},) | community.general.keep_keys(target='a')
[{'a':1}] | community.general.keep_keys(target=('a','b'))
[{'a':1}] | community.general.keep_keys(target={'a':1})
[{'a':1}] | community.general.replace_keys
[{'a':1}] | community.general.replace_keys(target=5)
[{'a':1}] | community.general.replace_keys(target=none)
[{'a':1}] | community.general.replace_keys(target=['a'])
[{'a':1,'b':2}] | community.general.replace_keys(target=[{'after':'b','before':'a'}])
[{'a':1,'b':2}] | community.general.replace_keys(target=[{'after':'b','before':'a'},{'after':'a','before':'b'}])
[{'a1':1,'b':2}] | community.general.replace_keys(target=[{'after':'x','before':'a'},{'after':'y','before':'a1'}], matching_parameter='starts_with')
[{'a1':1,'b':2}] | community.general.replace_keys(target=[{'after':'x','before':'1'}], matching_parameter='ends_with')
[{'a1':1}] | community.general.replace_keys(target=[{'after':'x','before':'['}], matching_parameter='regex')
[{'a1':1}] | community.general.replace_keys(target=[{'after':5,'before':'a1'}])
[{'a1':1}] | community.general.replace_keys(target=[{'after':'x','before':5}])
[{'a1':1}] | community.general.replace_keys(target=[{'after':'x','before':'a1'}], matching_parameter='foo')
'ä' | community.general.unicode_normalize('NFKD')
'ä' | community.general.unicode_normalize
'a\\u0308e\\u0301' | community.general.unicode_normalize(form='NFC')
'ﬁ①Å가' | community.general.unicode_normalize('NFKC')
'ﬁ①Å가' | community.general.unicode_normalize('NFD')
'' | community.general.unicode_normalize('NFKD')
3 | community.general.unicode_normalize
none | community.general.unicode_normalize('x')
['a'] | community.general.unicode_normalize
{'a': 1} | community.general.unicode_normalize
'a' | community.general.unicode_normalize('x')
'a' | community.general.unicode_normalize('nfc')
'a' | community.general.unicode_normalize(3)
'a' | community.general.unicode_normalize(['NFC'])
'a' | community.general.unicode_normalize(none)
'a' | community.general.unicode_normalize('NFC', 3)
'a' | community.general.unicode_normalize(foo=3)""".split("\n")

SUBJECTS["expressions"] = EXPRESSIONS
