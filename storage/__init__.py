"""The database: tables, migrations and the writer that commits before anyone is answered; one code for both."""
