"""What was called and delivered: a bounded memory, and what can be learnt from it."""
