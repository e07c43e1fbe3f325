"""How Belofte reaches a company's databases: connect, reflect, run a compiled plan."""
