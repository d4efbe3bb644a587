"""Where logs lie and how they are read: files, object stores, tables."""
