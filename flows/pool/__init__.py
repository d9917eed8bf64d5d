"""What lies behind `trochlea pool`: a table of effects or arms in, pooled analyses out."""
