"""The policy language: model, load, check. Pure."""
