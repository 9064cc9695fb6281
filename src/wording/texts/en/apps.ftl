# What apps show their citizens.

problem-citizen-code = The code is wrong or no longer valid: check the email, or ask for a new code.
problem-upload-gone = One of the files is no longer there, or has gone with another request: upload it again.
open311-yes = Yes
