# Words used everywhere.
language-name = English
