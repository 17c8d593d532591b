"""Expressions with filters and tests of `ansible.utils`, `community.general`, `ansible.netcommon` and `community.crypto`."""

EXPRESSIONS = []


def cross(subjects, *calls):
    """Every subject with every call; `|` is a filter, `is` a test."""
    for call in calls:
        operator, call = ("is", call[3:]) if call.startswith("is ") else ("|", call)
        EXPRESSIONS.extend(f"{subject} {operator} {call}" for subject in subjects)


def lines(text):
    return [line for line in text.strip().split("\n") if line]


SCALARS = ["5", "1.5", "true", "none", "'abc'", "''", "[]", "{}", "(1, 2)"]

## ansible.utils

cross(["[1,2,3]", "[1,2,2]", "[]", "'a,b'", "5", "1.5", "true", "none", "{'a':1}", "(1,2)", "[1,none,'a']"],
    *(f"ansible.utils.index_of({arguments})" for arguments in (
        "'eq', 2", "'eq', 2, wantlist=true", "'!=', value=1", "test='none'", "'foo', 1", "5", "none, 1", "'none', none", "'eq', foo=1", "'string'")),
    "ansible.utils.index_of")
cross(["[1,2,3]"], *(f"ansible.utils.index_of({arguments})" for arguments in (
    "'even'", "'odd'", "'>', 1", "'divisibleby', 0", "'eq', 1, 5", "['eq'], 1", "'eq', 1, none, none, none, 9", "'community.general.nope', 1", "'eq'",
    "'eq', 1, wantlist=none", "'eq', 1, wantlist='True'", "'eq', 1, wantlist=1.0", "'eq', 1, wantlist=[]", "'in', [2,3]")))
cross(["['ab','cd']"], *(f"ansible.utils.index_of({arguments})" for arguments in (
    "'regex', '^c'", "'match', 'c'", "'ansible.builtin.match', 'c'", "'in', ['cd']", "'version', '1.5'", "'ansible.utils.ipv4'", "'eq', 'ab', 'k'")))
cross(["[{'n':'a','t':'x'},{'n':'b','t':'y'},{'n':'c','t':'x'}]", "[{'n':'a','t':'x'},{'n':'b'}]", "[{'t':'x'},{'m':1},{'m':2},{'m':3}]", "[1,{'n':'b'}]",
    "[{'t':1},2,'x',{'t':1}]", "[{'t':none}]", "[{'t':{'n':1}}]", "['x','y']", "[5]"], *(f"ansible.utils.index_of({arguments})" for arguments in (
    "'eq', 'x', 't'", "'eq', 'x', 't', fail_on_missing=true", "'eq', 'x', 't', true, true", "'none', none, 't'", "'eq', 'x', key='t', wantlist=true",
    "'eq', 1, 't.n'", "'eq', 'x', 't', 'yes'")))
NESTED = ["{'a':{'b':{'c':[0,1],'d-e':{'f g':none}}}, 'x':'5', 'y':true, 'items':1}", "{}", "[1,2]", "[[1,[2,{'a':3}]],{}]", "'abc'", "5", "none",
    "{'a':{},'b':[],'c':{'d':{}}}", "{'a-b':{'c d':1}, 'x.y':2, 'é':7, '_z':{'é':1,'_y':2,'1x':3,'X1':4,'':5,'a-b':6}}", "{5:{'a':1}}", "{'a':{5:1}}"]
cross(NESTED, *(f"ansible.utils.get_path({arguments})" for arguments in (
    "'a.b.c[0]'", "'a.b.c[0]', wantlist=true", "'a.b'", "'a.x'", "'a[\"b\"].c[1]'", "'x|upper'", "'z|default(\"d\")'", "'x'", "'y', 'yes'", "'a +'", "'y + 1'",
    "5", "'a', foo=1", "path='a'", "\"a['b']['d-e']\"", "'items'")), "ansible.utils.get_path")
cross(NESTED + ["(1,2)", "[{'a':[]}]", "[[],{}]", "{'a':(1,2)}", "{'a b':[1]}"], "ansible.utils.to_paths", *(f"ansible.utils.to_paths({arguments})" for arguments in (
    "prepend='x'", "'p q', true", "wantlist=true", "foo=1", "5", "prepend=''", "prepend=none")))
TREES = lines("""
[{'a':1,'b':{'a':2,'c':3},'d':[{'a':1,'e':2}]}]
{'a':1,'b':{'a':2,'c':3},'d':[{'a':1,'e':2},5,'x']}
{'a1':1,'b1':{'a2':2}}
{'c':[{'z':1},{'y':1}]}
{'c':[{'b':1},{'y':1}]}
{'c':[{'a':1},5],'d':{},'e':[],'f':{'g':[{}]}}
{'c':[[{'x':1},{'b':1}],5]}
{'l':[0,'',none,{},[],[[]],[{}],{'a':[]},{'a':{'z':1}}]}
[0,'',none,{},[],[[]],[{}],{'a':[]},{'z':1}]
{1:2,'1':3}
{'a':{'a':1},'b':2}
{'a':({'b':1},)}
[1,'a']
{}
5
'abc'
none
({'a':1},)""")
for name in ("keep_keys", "remove_keys"):
    cross(TREES, *(f"ansible.utils.{name}({arguments})" for arguments in (
        "target=['a']", "['a','b']", "target=['a'], matching_parameter='starts_with'", "target=['1'], matching_parameter='ends_with'",
        "target=['a.?$'], matching_parameter='regex'", "target='a,z'")))
    cross(TREES[:1], f"ansible.utils.{name}", *(f"ansible.utils.{name}({arguments})" for arguments in (
        "target=['['], matching_parameter='regex'", "target=['a'], matching_parameter='foo'", "target=[]", "foo=1", "target=none", "target=[1]", "target=1",
        "target={'a':1}", "['a'], none", "['a'], 'starts_with'")))
cross(TREES, *(f"ansible.utils.replace_keys({arguments})" for arguments in (
    "target=[{'before':'a','after':'x'}]", "target=[{'before':'a','after':'b'},{'before':'b','after':'c'}]",
    "target=[{'before':'a','after':'x'}], matching_parameter='starts_with'", "target=[{'before':'1','after':'x'}], matching_parameter='ends_with'",
    "target=[{'before':'^a','after':'x'}], matching_parameter='regex'")))
cross(TREES[2:3], "ansible.utils.replace_keys", *(f"ansible.utils.replace_keys({arguments})" for arguments in (
    "target=[{'before':'a1'}]", "target=[{'after':'a'}]", "target=[{}]", "target=['a']", "target='a'", "target=[{'before':'a','after':'x','z':1}]",
    "target=[{'before':'a1','after':5}]", "target=none", "target=[]", "target=[5]", "target={'before':'a','after':'c'}", "target='before=a1 after=c'",
    "target=[{'before':'[','after':'b'}], matching_parameter='regex'", "target=[{'before':'a','after':'b'}], matching_parameter='foo'")))
cross(["['a','b','c']", "['c','b','a','b']", "'abc'", "[]", "[1,2]", "5", "none", "{'a':1}", "['abc']"], "ansible.utils.param_list_compare",
    *(f"ansible.utils.param_list_compare({target})" for target in (
        "['all']", "['all','!b']", "['!b']", "['a','!b']", "['a','x']", "['a','x','all','!a']", "['all','!x']", "['c','a','c']", "['!all']", "'a'", "['']", "[]",
        "[1]", "5", "none", "target=['a']", "['a'], foo=1")))
SOURCES = lines("""
[{'data':[{'name':'b','v':1},{'name':'a','v':2}],'match_key':'name','name':'v'},{'data':[{'name':'a','c':1},{'name':'b','c':2}],'match_key':'name','name':'c'}]
[{'data':[{'name':'a','v':1},{'name':'b','v':2}],'match_key':'name','name':'v'},{'data':[{'name':'a','c':1}],'match_key':'name','name':'c'}]
[{'data':[{'name':'a','v':1},{'x':'b','v':2},{'x':1}],'match_key':'name','name':'v'},{'data':[{'x':1}],'match_key':'name','name':'w'}]
[{'data':[{'name':'a','v':1},{'name':'a','v':2}],'match_key':'name','name':'v'}]
[{'data':[{'name':'a','v':1},{'name':'a','v':2},{'x':1}],'match_key':'name','name':'v'}]
[{'data':{'r1':{'name':'a','v':1}},'match_key':'name','name':'v'}]
[]
'a'
none
[{'data':[],'match_key':'x'}]
[{}]
[{'data':5,'match_key':'x','name':'n'}]
[{'data':[1],'match_key':'x','name':'n'}]
[{'data':none,'match_key':'x','name':'n'}]
[5]
[{'data':[{'x':1}],'match_key':'x','name':'n','z':1}]
[{'data':[{'n':[1]}],'match_key':'n','name':'v'}]
[{'data':[],'match_key':'n','name':'v'},{'data':[{'n':1}],'match_key':'n','name':'w'}]
[{'data':[{'n':1}],'match_key':'n','name':'v'},{'data':[{'n':1,'k':2}],'match_key':'n','name':'v'}]
[{'data':[{'5':1}],'match_key':5,'name':none}]""")
cross(SOURCES, "ansible.utils.consolidate", *(f"ansible.utils.consolidate({arguments})" for arguments in (
    "false", "fail_missing_match_value=false", "fail_duplicate='no'", "false, false, false")))
cross(SOURCES[:1], "ansible.utils.consolidate(foo=1)")
XML = lines(r"""
'<a><b c="1">x</b><b/></a>'
'<a><b>1</b><b>2</b>text</a>'
'<a xmlns="urn:x" xmlns:y="urn:y"><y:b y:c="1">é</y:b></a>'
'<a/>'
'<a></a>'
'<a> x </a>'
'<a><![CDATA[<x>]]> &amp; &lt;</a>'
'<a><!-- c --><b>1</b></a>'
'<a>'
'x'
'<?xml version="1.0" encoding="utf-8"?><a><b>1</b></a>'
'<a><b></a></b>'
'<a b=1/>'
'<a/><b/>'
'<a>&foo;</a>'
'<a>&#65;&#x42;</a>'
'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'
'<a  b = "1"  c="&quot;"/>'
'<a b="1" b="2"/>'
'<a><b>1</b><c/><b>2</b><b/></a>'""")
cross(XML + SCALARS, "ansible.utils.from_xml")
cross(XML[:1], *(f"ansible.utils.from_xml({arguments})" for arguments in ("'xmltodict'", "'foo'", "foo=1")))
DOCUMENTS = lines("""
{'a':{'b':1}}
{'a':{'@x':1,'#text':'t','b':[1,2,{'c':none}],'e':''}}
{'a':none}
{'a':'<&>"'}
{'a':{'@q':'<&>"','@r':"'"}}
{'a':true}
{'a':[1,2]}
{'a':[1]}
{'a':1,'b':2}
{'a':{'b':{'c':1}}}
{'a':{'b':[]}}
{'a':{'b':{}}}
{'a':{'b':1.5,'c':[{'d':1},{'d':2}]}}
{'a':{'b c':1}}
{1:{'b':1}}
{'a':{'b':none,'c':false}}""")
cross(DOCUMENTS + SCALARS, "ansible.utils.to_xml")
cross(DOCUMENTS[:12], "ansible.utils.to_xml(full_document=false)", "ansible.utils.to_xml(indent='spaces', indent_width=2)")
cross(DOCUMENTS[:2], *(f"ansible.utils.to_xml({arguments})" for arguments in ("indent='spaces'", "indent='foo'", "'foo'", "foo=1")))

## community.general

cross(lines("""
[{'index':'b','v':1},{'index':'a','v':4}]
[{'index':'a','d':{'x':1,'l':[1]},'l':[1,2]}]
[[{'index':2}],[{'index':1}]]
[{'x':1},{'index':'c'}]
[{'index':1}]
[{'index':[1]}]
[1]
[]
[[]]
'ab'
''
none
{'index':1}
({'index':2},)
[{'index':none}]"""), *(f"community.general.lists_mergeby({arguments})" for arguments in (
    "'index'", "[{'index':'a','d':{'y':1,'l':[2]},'l':[2,3]}], 'index'", "[{'index':'a','d':{'y':1,'l':[2]},'l':[2,3]}], 'index', recursive=true",
    "[{'index':'a','d':{'y':1,'l':[2]},'l':[2,3]}], 'index', recursive='yes', list_merge='append_rp'", "[{'index':'a','l':[2]}], 'index', list_merge='foo'",
    "[{'index':1,'z':1},{'index':0}], 'index'", "[2], [3], 'index'", "[], 'index'", "[{'index':true}], 5", "index='index'", "'index', foo=1")),
    "community.general.lists_mergeby")
cross(["['2.1','2.10','2.9']", "['2.1','1.0a','1.0b2']", "['1.a','1.1']", "[1,2]", "'abc'", "none", "[]", "{'2.0':1,'10.0':2}", "[1.5]", "['1-2','1..2']"],
    "community.general.version_sort", "community.general.version_sort(true)", "community.general.version_sort(reverse=false)", "community.general.version_sort(foo=1)")
CSV = lines(r"""
'a,b\n1,2\n3,4,5\n6\n'
'a,b\n1,"x, ""y"" z"\n'
'a;b\n1;2'
'a, b\n1, "2"'
'a,b\n1,"2'
'a,b\n1,"2"x'
'a,b\n\n1,2\n\n'
'a,a\n1,2'
'a,b\n1,b"c"d'
' a , b \n 1 , "2" '
'a,b'
',\n,'
''
5
none""")
cross(CSV, "community.general.from_csv", *(f"community.general.from_csv({arguments})" for arguments in (
    "dialect='unix'", "delimiter=';'", "fieldnames=['x','y']", "skipinitialspace=true", "strict=true")))
cross(CSV[:1], *(f"community.general.from_csv({arguments})" for arguments in (
    "dialect='excel-tab'", "dialect='foo'", "fieldnames='xy'", "delimiter=';;'", "delimiter=''", "delimiter=5", "'unix', ['x'], ',', true, true", "foo=1", "dialect=5")))
cross(lines(r"""
'[a]\nx=1\ny = 2\n[b]\nz: 3'
'x=1'
'[DEFAULT]\nx=1\n[a]\nx=2\n[b]\n'
'[a]\nX=1\nx=2'
'[a]\nx=1\nx=2'
'[a]\nx=1\n[a]\ny=2'
'[a]\nx'
'[a]\nx='
'[a]\nx=1 ; c\n# comment\n;c2\ny=2 # d'
'[a]\nx=1\n  2\n  3\n'
'[a]\nx=1\n\n  2\ny=3'
'[a]\nx=%(y)s\ny=%'
'[a b]\nx y = 1'
'[a'
'[a]x\ny=1'
'[]\nx=1'
'[a]\n=1'
'[a]\nx==1'
'[a]\n x=1\ny=2'
'[DEFAULT]\nx=1'
'[a]\nx = 1\n# c\n  2'
'[a]\nb\n[c'
'[a]\nx=1\n=2\ny\nz=3'""") + SCALARS, "community.general.from_ini")
cross(["'[a]'"], "community.general.from_ini(1)")
cross(lines(r"""
{'a':{'x':1,'y':'z'},'b':{}}
{'a':{'x':none}}
{'a':{'x':true,'y':1.5,'z':[1],'w':{}}}
{'a':1}
{'a':'x'}
{'a':[1,2]}
{'DEFAULT':{'x':'1'},'a':{'y':2}}
{'a':{'y':2},'DEFAULT':{'x':'1'}}
{'DEFAULT':{},'a':{'x':1}}
{'a':{'x':'1\n2'}}
{'a':{'x':'%(y)s'}}
{1:{2:'1'}}
{1:{'x':'1'},'1':{'x':'2'}}
{'a':{'x=y':'1', '#c':'2', '':' z '}}""") + SCALARS, "community.general.to_ini")
cross(["{'a':{}}"], "community.general.to_ini(1)")
cross(["'ä'", "'52:54:00'", "'52:54'", "'52'", "'5'", "''", "'52:54:00:11:22'", "'52:54:00:11:22:33'", "'52-54'", "'zz'", "'AA:bb'", "'52:'", "5", "none", "'a:b'", "[1]"],
    "community.general.random_mac(seed='x')", "community.general.random_mac(5)", "community.general.random_mac(foo=1)")
DATA = ["'abc'", "123", "1.5", "true", "none", "[1,'a']", "[]", "{'a':1}", "{}", "(1,2)", "[[1],[2]]", "{'a':1,2:'b'}", "['abc',1,1.5,none,true]"]
cross(DATA, *(f"community.general.reveal_ansible_type{arguments}" for arguments in ("", "({'str':'x','list':'y'})", "(alias=5)", "(foo=1)")),
    *(f"is community.general.ansible_type({arguments})" for arguments in ("'str'", "['int','list[int|str]','list']", "'str', {'str':'x'}", "'str', 5", "none")))
cross(["'abc'"], "is community.general.ansible_type")
cross(["'a.b.c'", "'a_b.c'", "'a'", "'a.'", "''", "5", "none", "'-a.b'", "'a-.b'", "'1.2.3.4'", "'a..b'", "'.'", "'ä.de'", "'a b'", "'" + "a" * 64 + "'", "'" + "a" * 63 + ".b'"],
    *(f"is community.general.fqdn_valid{arguments}" for arguments in ("", "(min_labels=2)", "(2)", "(allow_underscores=true)", "(foo=1)")))
cross(["[1,2,3]", "5", "[0]", "['a']", "'x'", "[-1]", "[]", "none", "true", "[1234567890123,0,99]", "123456789012345678901234567890", "1.5"],
    *(f"community.general.hashids_encode{arguments}" for arguments in (
        "", "(salt='this is my salt')", "(salt='a', min_length=20)", "(min_length=120)", "(alphabet='abcdefghijklmnop')", "('a', 'abcdefghijklmnopqrst', 5)")))
cross(["[1,2,3]"], *(f"community.general.hashids_encode({arguments})" for arguments in ("foo=1", "alphabet='abc'", "alphabet='aabcdefghijklmnopq'", "min_length='x'", "min_length=-1", "salt=5")))
cross(["'o2fXhV'", "'AosRfb'", "'V57EyMgAosRfbvwrAa14'", "'x'", "''", "5", "none", "'gY'", "'o2fXhVV'", "'!'"],
    *(f"community.general.hashids_decode{arguments}" for arguments in ("", "(salt='a')", "(salt='a', min_length=20)")))
cross(["{'a':1}", "{'a':[1,2],'b':{'c':'x'}}", "[]", "'x'", "none"], *(f"community.general.{name}{arguments}" for name in ("to_yaml", "to_nice_yaml") for arguments in (
    "", "(indent=4)", "(sort_keys=false)", "(redact_sensitive_values=false)", "(explicit_start=true)", "(width=5)", "(foo=1)")))
ROWS = lines(r"""
[{'name':'Alice','age':25},{'name':'Bob','age':30}]
[{'name':'Alice','age':25},{'name':'Bobby X'}]
[{'a':1.5,'b':none,'c':true,'d':[1],'e':{'x':1}}]
[{'a':'x\ny','b':'zzz'},{'a':'1','b':'2'}]
[{'a':'é','b':'日本'}]
[{1:2}]
[{}]
[]
[5]
[{'a':1},5]
[{'a':''},{'a':' x '}]
[{'a':'ab'},{'a':'abcde'}]""")
cross(ROWS + SCALARS, "community.general.to_prettytable")
cross(ROWS[:3], *(f"community.general.to_prettytable({arguments})" for arguments in (
    "column_order=['age','name']", "column_order=['name','foo']", "column_order='name'", "column_order=[]", "column_order=[1]", "header_names=['A','B']", "header_names=['A']",
    "header_names='AB'", "header_names=[1,2]", "header_names=['A','A']", "header_names=[]", "column_alignments={'name':'l','age':'RIGHT'}", "column_alignments={'name':'x'}",
    "column_alignments={'name':5}", "column_alignments=5", "column_alignments={'foo':'l'}", "header_names=['A','B'], column_alignments={'A':'l'}", "foo=1", "'age', 'name'", "['age']")))

## ansible.netcommon and community.crypto

cross(["'secret'", "'x'", "5", "none"], "ansible.netcommon.comp_type5", *(f"ansible.netcommon.comp_type5({arguments})" for arguments in (
    "'$1$abc$iCQ2D3nhptRYi27fDYv2s1'", "'$1$abc$iCQ2D3nhptRYi27fDYv2s1', true", "'$1$abc$iCQ2D3nhptRYi27fDYv2s1', return_original='yes'", "'foo'", "'$1$a-c$x'",
    "'$1$abcdefghij$x'", "'$5$abc$x'", "'$1$abc$x', foo=1")))
cross(["'$1$2SkEvpB7$ZpUlUcRvZ9yDlvG/bmIRA/'", "'foo'", "'$1$abc'", "'$1$abc$x$y$z'", "'a$b$c$d'"] + SCALARS, "ansible.netcommon.hash_salt", "ansible.netcommon.hash_salt(foo=1)")
cross(["'secret'", "5", "''", "none", "[1]"], *(f"ansible.netcommon.type5_pw({salt})" for salt in ("'abc'", "'2SkEvpB7'", "'toolongsalt'", "'a$b'", "5", "'abc', foo=1")))
cross(["'1,10-12,20'", "'1'", "'x'", "'5-3'", "'1,1,2'", "'1-2-3'", "' 1 , 3 - 4'", "[1,2]", "'20,1'", "'1,'", "'-5'", "'1-x'"] + SCALARS,
    "ansible.netcommon.vlan_expander", "ansible.netcommon.vlan_expander(1)", "ansible.netcommon.vlan_expander(foo=1)")
cross(["[100,1688,3002,3003,3004,3005,3102,3103,3104,3105,3802,3900,3998,3999]", "[1,2,3,5]", "[5,3,2,2]", "[0]", "[4095]", "['1','2']",
    "range(1, 60, 2) | list", "((range(1, 60, 2) | list) + (range(100, 400, 3) | list))", "[1,2,4,5]", "[1,2,3,4,5,6,8,9,10,12]"] + SCALARS,
    *(f"ansible.netcommon.vlan_parser{arguments}" for arguments in ("", "(20, 10)", "(first_line_len=3, other_line_len=3)", "('8', '5')", "('x')", "(foo=1)")))
cross(["'11:22:33'", "'1'", "'ff:FF'", "'fff:1'", "'zz'", "'1:'", "' 1:2'", "'-1'", "'0x1'", "'+1'", "'1:2:3:4:5:6:7:8:9:10:11:xx'", "'11:22:33:44:55:66:77:88:99:aa:bb:cc:dd'"] + SCALARS,
    "community.crypto.parse_serial")
cross(["1122867", "0", "255", "256", "-1", "123456789012345678901234567890"] + SCALARS, "community.crypto.to_serial")
cross(lines(r"""
'-----BEGIN A-----\nx\n-----END A-----\nfoo\n-----BEGIN B-----\ny\n-----END B-----\n'
'-----BEGIN A-----\nx'
'-----BEGIN A-----\nx\n-----END B-----\n'
'-----BEGIN A-----\n-----BEGIN C-----\nx\n-----END C-----\n'
'-----BEGIN A-----\nx\n-----END A-----'
' -----BEGIN A-----\nx\n-----END A-----'
'-----BEGIN -----\nx\n-----END -----\n'
'-----BEGIN A-----  \nx\n-----END A-----  \n'
'-----BEGIN A\nx\n-----END A-----\n'""") + SCALARS, "community.crypto.split_pem")
cross(["'1'"], "community.crypto.parse_serial(1)", "community.crypto.to_serial(1)", "community.crypto.split_pem(1)")

## Short names: those that ansible-core routes to a collection

SHORT = """cidr_merge comp_type5 counter dict_kv from_csv from_ini get_path groupby_as_dict hash_salt hashids_encode hwaddr index_of ip4_hex ipaddr ipmath ipsubnet ipv4
ipv6 ipwrap json_query lists_union network_in_network nthhost parse_serial random_mac reduce_on_network slaac split_pem to_ini to_paths to_seconds to_serial to_xml
type5_pw version_sort vlan_expander vlan_parser""".split()
cross(["'$1$abc$x'"], *(f"{prefix}{name}('x')" for name in SHORT for prefix in ("", "ansible.builtin.")))
cross(["['a','b']"], "community.general.path_join", "community.general.basename", "vlan_parser", "ansible.builtin.json_query('[0]')", "ansible.legacy.json_query('[0]')")
cross(["'52:54:00'"], "random_mac(seed='x')", "ansible.builtin.random_mac(seed='x')")
cross(["'a.b'"], "is fqdn_valid", "is ansible_type('str')", "is ip", "is in_network('x')", "is ansible.builtin.ip")

## Lookups

EXPRESSIONS += [f"lookup('community.general.random_string', {options})" for options in lines("""
seed='x'
seed=5
length=0
length=-1, seed='x'
length='x'
length='5', seed='x'
length=5.0, seed='x'
length=5.5, seed='x'
length=true, seed='x'
length=none, seed='x'
special=false, upper=false, lower=false, numbers=false
special=false, upper=false, lower=false, length=10, seed='x'
override_special='-', upper=false, lower=false, numbers=false
override_all='a'
override_all='', seed='x'
base64=true, override_all='a'
base64=true, seed='x'
override_all='abc', seed=1, length=12
ignore_similar_chars=true, seed=1, length=30
ignore_similar_chars=true, similar_chars='abc', override_all='abcd', seed=7
foo=1, seed='x'
'x', 'y', override_all='a'
min_numeric=3, seed=5, length=8
special='no', seed=5, length=8
special='maybe', seed=5, length=8
upper='false', seed='x'
min_special=1, min_lower=1, min_upper=1, min_numeric=1, seed='x'
min_special=2, min_lower=2, min_upper=2, min_numeric=2, seed='x'
min_special=2, override_special='-', special=false, seed='x'
min_upper=2, upper=false, seed='x'
min_upper=2, override_all='abc', seed='x'
override_special='-_', seed='x', length=20
ignore_similar_chars=true, override_special='lO-', min_special=5, seed='x', length=10
ignore_similar_chars=true, min_numeric=9, seed='x', length=10
min_lower='x', seed='x'
min_lower=10, length=5, seed='x'""")]
EXPRESSIONS += [f"lookup('community.general.random_string', {options}) | length" for options in ("length=20", "min_special=5, min_lower=5", "seed=none")]
EXPRESSIONS += ["query('community.general.random_string', override_all='a')", "lookup('community.general.random_string') | length", "lookup('random_string')"]
for way in ("lookup", "query"):
    EXPRESSIONS += [f"{way}('ansible.utils.{call})" for call in lines("""
get_path', {'a':{'b':[1]}}, 'a.b'
get_path', {'a':{'b':[1]}}, 'a.b', wantlist=true
get_path', {'a':{'b':'x'}}, 'a.b'
get_path', {'a':{'b':[1,2]}}, 'a.b'
get_path', {'a':{'b':[1,2]}}, 'a.c'
get_path', {'a':1}
get_path'
get_path', {'a':1}, 'a', foo=1
get_path', var={'a':1}, path='a'
get_path', 5, 'a'
index_of', [1,2,3], 'eq', 2
index_of', [1,2,3], 'eq', 2, wantlist=true
index_of', [1,2,3], 'odd'
index_of', [1,2,3], 'eq', 9
index_of', [1,2,3], 'foo'
index_of', [1,2,3]
index_of', data=[1,2,3], test='eq', value=2
to_paths', {'a':{'b':[1]}}
to_paths', {'a':{'b':[1]}}, 'p'
to_paths', {'a':{'b':[1]}}, prepend='p', wantlist=true
to_paths'
to_paths', 5
to_paths', {'a':1}, foo=1""")]
EXPRESSIONS += ["lookup('get_path', {'a':1}, 'a')", "lookup('index_of', [1], 'eq', 1)", "query('cartesian', [1,2],[3,[4]])", "query('community.general.cartesian', [1,2],[3,[4]])",
    "lookup('flattened', [1,[2,[3]]])", "query('community.general.flattened', [1,[2]], [3])", "lookup('merge_variables', 'x')", "lookup('nope.nope.nope')",
    "query('filetree', '/no/such/directory')", "query('community.general.filetree')"]

for way in ("lookup", "query"):
    EXPRESSIONS += [f"{way}('community.general.merge_variables', {arguments})" for arguments in lines("""
'__l$'
'__l', pattern_type='suffix'
'a__', pattern_type='prefix'
'__d$'
'^[ab]__d$'
'__d$', override='ignore'
'__d$', override='warn'
'__d$', override='foo'
'__l$', pattern_type='foo'
'__t$'
'__n$'
'__x$'
'__m$'
'__l$', initial_value=['i']
'__l$', initial_value=['x']
'__l$', initial_value={'q':5}
'__d$', initial_value={'k':5}
'__d$', initial_value={'q':5}, override='ignore'
'__d$', initial_value=[1]
'__d$', initial_value={'p':5}
'__d$', initial_value={'k':[5]}, override='ignore'
'__d$', initial_value={'n':{'x':{'z':1}}}
'__d$', initial_value=5
'__l$', '__e$'
'nothing'
'nothing', initial_value=[1]
'nothing', initial_value=5
'('
5
['__l$', '__e$']
'__l$', foo=1
'^o[12]__$'
'^o[13]__$'
'^o[123]__$', override='ignore'
'^o1__$', initial_value={'a':'1'}
'__e$'
'__l$', '__d$', override='ignore'""")]
EXPRESSIONS += ["lookup('community.general.merge_variables')"]

## Durations come last: upstream keeps the length of a year and of a month for the next call.

cross(lines(r"""
'30h 20m 10s 123ms'
'1053d 17h 53m -10s 391ms'
'1y'
'1mo'
'90'
'1h30m'
'1.5h'
'1 h'
''
'x'
'1S'
'100ms'
'-1h -1m'
'--1h'
'+5m'
'1ys'
'1h\n2m'
' 1h '
'2weeks 2months 2years 2days 2hours 2mins'
'2minutes 2secs 2seconds 2msecs 2mseconds 2milliseconds'
'0s'
5
none
['1h']"""), *(f"community.general.to_{unit}" for unit in "milliseconds seconds minutes hours days weeks months years time_unit".split()),
    "community.general.to_time_unit('minutes')")
cross(["'1h'"], *(f"community.general.to_time_unit({arguments})" for arguments in (
    "'foo'", "'s', 1", "'s', foo=1, bar=2", "none", "unit='min'", "'H'", "'hs'", "'secs'", "'ys'", "'milliseconds'", "'msecs'", "'s '", "'mo'", "'w'")),
    "community.general.to_seconds(31)")
cross(["'1y 1mo'", "'3w'"], *(f"community.general.to_{unit}(year={year}, month={month})" for unit in ("days", "months", "years") for year, month in (
    ("360", "31"), ("365.25", "30"), ("2", "2"), ("0", "1"), ("true", "30"), ("365", "30"))))

EXPRESSIONS = [expression.replace("\\n", "\n") for expression in EXPRESSIONS]
