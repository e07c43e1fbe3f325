"""The law as dated data and small functions. Pure."""
