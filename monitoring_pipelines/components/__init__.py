"""What a user writes in `assets/`: the components that `dg` lists."""
