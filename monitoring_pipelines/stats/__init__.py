"""Statistics shared by metrics and checks: intervals, quantile bins, noise floors."""
