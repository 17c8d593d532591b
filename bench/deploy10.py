# every fifth operation of deploy50.py, as noop10.yml has every fifth task of noop50.yml
from io import StringIO
from pyinfra import host
from pyinfra.operations import files, server
from pyinfra.facts.files import File

D = "/root/benchp"
files.directory(name="base", path=D, mode="755")
files.directory(name="directory 4", path=f"{D}/d4", mode="750")
for i in (0, 5):
    files.put(
        name=f"copy {i}",
        src=StringIO(f"[service{i}]\nport = {8000+i}\nhost = {host.name}\n"),
        dest=f"{D}/d{i}/svc.conf",
        mode="644",
    )
for i in (0, 5):
    files.line(
        name=f"line {i}",
        path=f"{D}/d{i}/line.conf",
        line=f"^option{i} =.*",
        replace=f"option{i} = {40+i}",
        ensure_newline=True,
    )
for i in (0, 5):
    files.template(
        name=f"template {i}", src="templates/svc_pyinfra.j2", dest=f"{D}/t{i}.conf", mode="644", host_name=host.name
    )
host.get_fact(File, path=f"{D}/d4/svc.conf")
if not host.get_fact(File, path=f"{D}/marker1"):
    server.shell(name="command 1", commands=[f"touch {D}/marker1"])
