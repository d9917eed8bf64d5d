"""One engine that pools a batch of any number of analyses."""
