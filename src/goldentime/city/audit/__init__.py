"""The access log (접속기록): who looked, refused, ended, in a chain that shows tampering."""
