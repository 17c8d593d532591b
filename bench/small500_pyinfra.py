from pyinfra.operations import files

files.sync(src="/tmp/churten-bench-files/small", dest="/root/bench-small")
