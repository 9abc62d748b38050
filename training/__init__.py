"""How the encoder of the document search is taught: see README.md."""
