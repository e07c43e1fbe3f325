"""A person's request, from intake to answer: one module per right."""
