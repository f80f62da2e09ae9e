e = ValueError("with note")
e.add_note("first note")
e.add_note("second\nlines")
raise ExceptionGroup("many", [e, TypeError(1)])
