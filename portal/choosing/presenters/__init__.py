"""Pages of choosing ready for a template: every sentence and address made, nothing left to decide."""
