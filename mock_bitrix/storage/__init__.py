"""Where everything that the product promises is kept: tables, statements, transactions."""
