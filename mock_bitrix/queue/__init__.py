"""The offline event queue: what taking, confirming and failing mean. Knows no HTTP."""
