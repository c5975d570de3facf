"""Course files: Dutch plain text in, lessons and cards out."""
