"""What things cost, measured in one run beside what they are compared with.

`make bench`, or `python -m tests.bench NAME`. Nothing here is collected by pytest: no
test depends on speed.
"""
