"""The console at `/`: the queue and the calls in a browser."""
