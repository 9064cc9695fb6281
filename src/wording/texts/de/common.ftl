# Words used everywhere.
language-name = Deutsch
