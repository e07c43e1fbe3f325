"""The rules that check holds a policy against, by chapter of a policy; `policy/check.py` has them in one table."""
