from pyinfra.operations import files

files.put(src="/tmp/churten-bench-files/big", dest="/root/bench-big")
