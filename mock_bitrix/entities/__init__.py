"""What a portal holds: leads, deals, tasks…, one engine over a table of kinds."""
