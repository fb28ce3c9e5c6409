"""Reading what families told: the queue, the decision, and the second pair of eyes."""
