"""The log, the promises and their proofs."""
