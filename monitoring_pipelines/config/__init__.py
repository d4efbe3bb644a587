"""The Pydantic models behind the YAML: frozen, an unknown key is an error."""
