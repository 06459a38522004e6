"""A folder for each kind of report: `view` → text, HTML, and a widget. They draw, they never compute."""
