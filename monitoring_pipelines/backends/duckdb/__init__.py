"""DuckDB: the embedded engine, over files in place and over batches of a database."""
