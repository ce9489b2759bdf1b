"""Sign-up, login and everything that decides who a caller is."""
