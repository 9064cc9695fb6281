# Words used everywhere.
language-name = Italiano
