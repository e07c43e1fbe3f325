"""`belofte choices …`: what people chose, recorded, asked about, brought in and taken along."""
