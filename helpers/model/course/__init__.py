"""The course: lessons, exercises, predictions, questions, a learner's progress."""
