"""What each sentence of the policy comes to today: mechanisms exercised, proofs measured, words dated."""
