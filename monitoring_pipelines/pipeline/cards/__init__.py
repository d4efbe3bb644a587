"""Cards in files: beside a model's YAML, and elsewhere, from where they can be imported."""
