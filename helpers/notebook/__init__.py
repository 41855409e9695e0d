"""What a cell calls: the one place where engine, views and exercises meet."""
