"""What records are about: suggested by the words of their texts, confirmed or removed by a person."""
