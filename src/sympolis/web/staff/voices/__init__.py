"""What the office does with what people say of its plans: moderating comments, setting phases and who takes part."""
