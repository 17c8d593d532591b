# the same 30 templates as templates.yml, for pyinfra
from pyinfra import host
from pyinfra.operations import files

for n in range(30):
    files.template(
        name=f"template {n}",
        src="templates/big_pyinfra.j2",
        dest=f"/root/bench-t{n}.conf",
        mode="644",
        inventory_hostname=host.name,
        backends=list(range(200)),
        n=n,
    )
