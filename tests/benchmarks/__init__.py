"""How fast it is, each figure beside its limit: `python -m tests.benchmarks`."""
