"""Reports as people read them: text, a terminal, Markdown and HTML, each from the report's JSON object alone."""
