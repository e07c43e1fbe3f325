"""Letting go: what nothing justifies any more, for everybody."""
