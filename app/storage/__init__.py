"""SQL. Rows never leave this package; plain values of `app.learning` do."""
