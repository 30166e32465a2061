"""The migrations, written by hand and run on both databases; `storage.schema` starts them and knows the last one.

They never import `storage.tables`: what a release did to a database must not
change when the tables do.
"""
