# the same 200 directories as loop.yml, for pyinfra
from pyinfra.operations import files

for item in range(200):
    files.directory(name=f"directory {item}", path=f"/root/bench-loop-{item}", mode="755")
