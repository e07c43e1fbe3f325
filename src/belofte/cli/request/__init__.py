"""`belofte request …`: take in, decide and carry out a person's request, one verb per right."""
