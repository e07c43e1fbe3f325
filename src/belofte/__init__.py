"""Belofte: a privacy policy as code, checked, applied and proven."""

__version__ = "0.1.0"
