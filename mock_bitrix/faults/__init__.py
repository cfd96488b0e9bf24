"""Failing on command: which calls, how often, before or after the effect."""
