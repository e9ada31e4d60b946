"""What people do with a case: who may do what in which state, what a form must say, and how it is recorded."""
