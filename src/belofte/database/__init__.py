"""Belofte's own database: schema, migrations, queries."""
