"""The rules that check holds a data map against, with the live catalogue; `datamap/check.py` has them in one table."""
