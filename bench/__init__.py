"""The benches: what Belofte costs beside bare SQL, measured in the same run. See `python -m bench --help`."""
