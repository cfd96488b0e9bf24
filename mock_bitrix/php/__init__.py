"""The manners of PHP that a client can see: conversions, bracket keys, JSON, XML and dates."""
