"""The waist of the hourglass: small, mergeable sufficient statistics of a window."""
