"""The law as dated data and small pure functions: values in, values out; the clock is an argument.

Each module decides one thing. A table carries its source and the day as of which it was read; what was written down
from memory of the legal text says so (`Source.memory`). It is an engineer's reading: no lawyer has checked it, and what
is computed here is 'as declared', never 'lawful'.
"""
