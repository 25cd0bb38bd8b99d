"""The rules of meeting life, pure: standard library only, the clock always a parameter, no input or output."""
