"""Stores, tables, columns and how each row reaches a person. Pure."""
