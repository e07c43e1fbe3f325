"""Letting go: sweep and holds."""
