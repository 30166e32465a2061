"""What a person, or the clock, can do with Palabre: one module per intention, reached through the door in `front`."""
