"""What is done in the background: tasks, jobs that come round, the index; and how work outlives its worker."""
