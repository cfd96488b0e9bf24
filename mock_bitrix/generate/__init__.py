"""A plausible stream of changes, repeatable by a seed, and its way into a running server."""
