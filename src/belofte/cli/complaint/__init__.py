"""`belofte complaint …`: complaints to the company, from the day they came to their answer."""
