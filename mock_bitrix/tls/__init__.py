"""https with an authority of its own, and the proxy that lets unmodified clients in."""
