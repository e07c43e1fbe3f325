"""What shows that the policy is kept: properties of the whole history, judged apart from what decides."""
