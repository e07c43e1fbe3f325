"""Console, privacy centre and API."""
