"""`belofte incident …`: the breach register, from awareness to closing (GDPR art. 33, 34)."""
