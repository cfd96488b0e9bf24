"""The parts of a portal's page: each shows one thing, and knows nothing of the others."""
