"""A sample class: wrong answers that students give, and whole submissions made from them."""
