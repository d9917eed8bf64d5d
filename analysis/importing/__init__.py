"""A table or a review of another program, brought into the contract: read, mapped, drafted, put in place."""
