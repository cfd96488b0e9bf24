"""What a server tells about itself while it runs: a line for each call, without any secret."""
