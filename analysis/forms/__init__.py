"""A report in other forms: PDF, Word, Excel, Markdown. One file a form, imported only when it is asked for."""
