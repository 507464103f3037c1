"""What checks compare with, and the wrong answers that they recognise. Nothing here is an exercise's answer."""
