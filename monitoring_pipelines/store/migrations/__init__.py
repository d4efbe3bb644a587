"""Versions of the schema, by Alembic."""
