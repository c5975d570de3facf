"""What happens: one public function per file, named as the file. Read, decide, write."""
