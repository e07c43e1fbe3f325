"""Consents, objections, restrictions: events and the present state derived from them."""
