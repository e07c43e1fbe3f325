"""Recipients, disclosures, transfers."""
