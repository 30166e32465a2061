"""Every sentence people read, in every language, and the platform-neutral cards that carry them."""
