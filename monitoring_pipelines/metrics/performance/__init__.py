"""Performance against labels; scikit-learn computes what it has, inside the functions."""
