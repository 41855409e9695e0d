"""What all views are made of: widgets and their static twins, pages, pictures, scripts."""
