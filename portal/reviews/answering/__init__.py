"""The provider's side: its answer, and a fact that it disputes."""
