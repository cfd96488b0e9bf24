"""A Bitrix24 portal on your own machine, as far as a synchronising application can tell."""

__version__ = "0.1.0"
