"""The pages: a third door beside the flows and the command. They read and write through `secretariat`."""
