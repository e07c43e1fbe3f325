"""Breaches and complaints."""
